// Owns demonstration users: a passwd and a group file that stand in for NSS under --root, and only there.

import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './account.ts';
import { type Directory, isName, type Resolution, UNAVAILABLE, UNKNOWN, unavailable } from './directory.ts';
import { parseGroupLine, parseId, parsePasswdLine } from './passwd.ts';

/** Reads a file again only when it is another one or has changed; `index` is made of what was read. */
function createReader<T, I>(
  path: string,
  parseLine: (line: string) => T | null,
  index: (entries: readonly T[]) => I,
): () => I {
  let seen = '';
  let indexed = index([]);
  return () => {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    const now = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
    if (now === seen) return indexed;
    const entries = readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line, at) => {
        if (line.trim() === '' || line.startsWith('#')) return [];
        const entry = parseLine(line);
        if (entry === null) throw new Error(`${path}:${at + 1}: malformed line`);
        return [entry];
      });
    indexed = index(entries);
    seen = now;
    return indexed;
  };
}

/** As getpwnam and getpwuid find them: of several lines with one name or uid the first counts. */
function indexUsers(accounts: readonly Account[]) {
  const last = accounts.toReversed();
  return {
    all: accounts,
    byName: new Map(last.map((account) => [account.name, account])),
    byUid: new Map(last.map((account) => [account.uid, account])),
  };
}

/**
 * The users of `folder/passwd` and the groups of `folder/group`, in the formats of passwd(5) and group(5). A file
 * that is missing or has a malformed line makes the directory unavailable.
 */
export function createFilesDirectory(folder: string): Directory {
  const users = createReader(join(folder, 'passwd'), parsePasswdLine, indexUsers);
  const groups = createReader(join(folder, 'group'), parseGroupLine, (all) => all);

  const find = (name: string): Resolution => {
    if (!isName(name)) return UNKNOWN;
    const uid = parseId(name);
    const { byName, byUid } = users();
    const account = byName.get(name) ?? (uid === null ? undefined : byUid.get(uid));
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
        return users().all;
      } catch (error) {
        throw unavailable('which users there are', error);
      }
    },
  };
}
