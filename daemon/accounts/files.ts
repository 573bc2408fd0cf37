// Owns demonstration users: a passwd and a group file that stand in for NSS under --root, and only there.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { type Directory, isName, type Resolution, UNAVAILABLE, UNKNOWN, unavailable } from './directory.ts';
import { parseGroupLine, parseId, parsePasswdLine } from './passwd.ts';

interface Lines<T> {
  /** The lines as they are, each behind a line end: ten thousand users as objects cost more than their text. */
  readonly text: string;
  entries(): readonly T[];
}

/** Reads a file again only when it is another one or has changed. @throws Error where a line is malformed */
function createReader<T>(path: string, parseLine: (line: string) => T | null): () => Lines<T> {
  let seen = '';
  let lines: Lines<T> = { text: '', entries: () => [] };
  return () => {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    const now = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
    if (now === seen) return lines;
    const text = readFileSync(path, 'utf8');
    const entries = () =>
      text.split('\n').flatMap((line, at) => {
        if (line.trim() === '' || line.startsWith('#')) return [];
        const entry = parseLine(line);
        if (entry === null) throw new Error(`${path}:${at + 1}: malformed line`);
        return [entry];
      });
    entries();
    lines = { text: `\n${text}`, entries };
    seen = now;
    return lines;
  };
}

/** As getpwnam finds it: of several lines with one name the first counts. */
function byName(text: string, name: string): Account | null {
  const at = text.indexOf(`\n${name}:`) + 1;
  return at === 0 || name.startsWith('#') ? null : parsePasswdLine(lineAt(text, at));
}

/** As getpwuid finds it. */
function byUid(text: string, uid: number): Account | null {
  const at = text.search(new RegExp(`(?<=\\n)[^#:\\n][^:\\n]*:[^:\\n]*:0*${uid}:`));
  return at < 0 ? null : parsePasswdLine(lineAt(text, at));
}

function lineAt(text: string, at: number): string {
  const end = text.indexOf('\n', at);
  return text.slice(at, end < 0 ? undefined : end);
}

/**
 * The users of `folder/passwd` and the groups of `folder/group`, in the formats of passwd(5) and group(5). A file
 * that is missing or has a malformed line makes the directory unavailable.
 */
export function createFilesDirectory(folder: string): Directory {
  const users = createReader(join(folder, 'passwd'), parsePasswdLine);
  const groups = createReader(join(folder, 'group'), parseGroupLine);

  const find = (name: string): Resolution => {
    if (!isName(name)) return UNKNOWN;
    const uid = parseId(name);
    const { text } = users();
    const account = byName(text, name) ?? (uid === null ? null : byUid(text, uid));
    return account ? { kind: 'found', account, stale: false } : UNKNOWN;
  };

  return {
    resolve: async (name) => {
      try {
        return find(name);
      } catch {
        return UNAVAILABLE;
      }
    },
    groups: async (account) => {
      try {
        const all = groups().entries();
        const primary = all.find(({ gid }) => gid === account.gid)?.name ?? String(account.gid);
        const others = all.filter(({ members }) => members.includes(account.name)).map(({ name }) => name);
        return [...new Set([primary, ...others])];
      } catch (error) {
        throw unavailable(`which groups user ${account.name} is in`, error);
      }
    },
    group: async (name) => {
      try {
        const group = groups()
          .entries()
          .find((candidate) => candidate.name === name);
        return group ? { kind: 'found', name, members: group.members } : UNKNOWN;
      } catch {
        return UNAVAILABLE;
      }
    },
    list: async () => {
      try {
        return users().entries();
      } catch (error) {
        throw unavailable('which users there are', error);
      }
    },
  };
}
