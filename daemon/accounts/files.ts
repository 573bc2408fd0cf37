// Owns demonstration users: a passwd and a group file that stand in for NSS under --root, and only there.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Directory, isName, type Resolution, UNAVAILABLE, UNKNOWN, unavailable } from './directory.ts';
import { parseGroupLine, parseId, parsePasswdLine } from './passwd.ts';

/** Reads a file again only when it is another one or has changed. */
function createReader<T>(path: string, parseLine: (line: string) => T | null): () => readonly T[] {
  let seen = '';
  let entries: readonly T[] = [];
  return () => {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    const now = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
    if (now === seen) return entries;
    entries = readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        if (line.trim() === '' || line.startsWith('#')) return [];
        const entry = parseLine(line);
        if (entry === null) throw new Error(`${path}:${index + 1}: malformed line`);
        return [entry];
      });
    seen = now;
    return entries;
  };
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
    const accounts = users();
    const account =
      accounts.find((candidate) => candidate.name === name) ??
      accounts.find((candidate) => candidate.uid === uid);
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
        const all = groups();
        const primary = all.find(({ gid }) => gid === account.gid)?.name ?? String(account.gid);
        const others = all.filter(({ members }) => members.includes(account.name)).map(({ name }) => name);
        return [...new Set([primary, ...others])];
      } catch (error) {
        throw unavailable(`which groups user ${account.name} is in`, error);
      }
    },
    group: async (name) => {
      try {
        const group = groups().find((candidate) => candidate.name === name);
        return group ? { kind: 'found', name, members: group.members } : UNKNOWN;
      } catch {
        return UNAVAILABLE;
      }
    },
    list: async () => {
      try {
        return users();
      } catch (error) {
        throw unavailable('which users there are', error);
      }
    },
  };
}
