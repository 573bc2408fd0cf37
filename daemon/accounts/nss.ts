// Owns the users and groups of the system: NSS, asked through getent and id, as every other program sees them.

import type { Millis } from '../kernel/instant.ts';
import type { Account } from './account.ts';
import { createRunner, type Kill, type Outcome } from './child.ts';
import {
  type Directory,
  type GroupResolution,
  isName,
  type Resolution,
  UNAVAILABLE,
  UNKNOWN,
  unavailable,
} from './directory.ts';
import { parseGroupLine, parseId, parsePasswdLine } from './passwd.ts';

export interface NssOptions {
  /** How long one look-up may take, its wait for a free slot included. */
  readonly timeout: Millis;
  /** process.kill, handed in by main.ts. */
  readonly kill: Kill;
  /** Programs running at once. */
  readonly concurrent?: number;
  /** Absolute path of getent(1). */
  readonly getent?: string;
  /** Absolute path of id(1) of coreutils (`-z` since 8.23). */
  readonly id?: string;
}

const ENTRY_BYTES = 16 * 1024;
const GROUPS_BYTES = 256 * 1024;
const GROUP_BYTES = 4 * 1024 * 1024;
const LIST_BYTES = 8 * 1024 * 1024;
/** What getent(1) and id(1) say for "no such user"; a backend that is away looks the same to them. */
const GETENT_NOT_FOUND = 2;
const ID_NOT_FOUND = 1;

function lines(output: Buffer): string[] {
  return output.toString('utf8').split('\n');
}

/** NUL-ended words; null where the last one is cut off. */
function words(output: Buffer): string[] | null {
  const parts = output.toString('utf8').split('\0');
  return parts.pop() === '' ? parts : null;
}

function readEntry(outcome: Outcome): Resolution {
  if (outcome.kind === 'failed') return UNAVAILABLE;
  if (outcome.code === GETENT_NOT_FOUND && outcome.output.length === 0) return UNKNOWN;
  const [first, ...rest] = lines(outcome.output);
  if (outcome.code !== 0 || first === undefined || rest.length === 0) return UNAVAILABLE;
  const account = parsePasswdLine(first);
  return account ? { kind: 'found', account, stale: false } : UNAVAILABLE;
}

/** The directory behind nsswitch.conf. Equal look-ups that overlap share one answer. */
export function createNssDirectory(options: NssOptions): Directory {
  const { timeout, kill, concurrent = 4, getent = '/usr/bin/getent', id = '/usr/bin/id' } = options;
  const run = createRunner({ concurrent, timeout, kill });
  const flying = new Map<string, Promise<unknown>>();

  const shared = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const same = flying.get(key) as Promise<T> | undefined;
    if (same) return same;
    const answer = ask().finally(() => flying.delete(key));
    flying.set(key, answer);
    return answer;
  };

  const entry = async (key: string) => readEntry(await run(getent, ['passwd', '--', key], ENTRY_BYTES));

  // getent takes digits for a uid even where a user has that name, and cuts 4294967296 down to 0, which is
  // root; id looks for the name first and refuses what is out of range.
  const numeric = async (name: string): Promise<Resolution> => {
    const outcome = await run(id, ['-u', '--', name], ENTRY_BYTES);
    if (outcome.kind === 'failed') return UNAVAILABLE;
    if (outcome.code === ID_NOT_FOUND && outcome.output.length === 0) return UNKNOWN;
    const uid = outcome.code === 0 ? parseId(outcome.output.toString('latin1').trimEnd()) : null;
    return uid === null ? UNAVAILABLE : entry(String(uid));
  };

  const askGroups = async (account: Account): Promise<readonly string[]> => {
    const failure = `which groups user ${account.name} is in`;
    if (!isName(account.name)) throw unavailable(failure);
    // Separated by NUL, because Active Directory has groups with spaces in their names.
    const named = await run(id, ['-Gnz', '--', account.name], GROUPS_BYTES);
    const groups = named.kind === 'exited' ? words(named.output) : null;
    if (named.kind === 'failed' || groups === null || groups.length === 0 || named.code > 1) {
      throw unavailable(failure);
    }
    if (named.code === 0) return groups;
    // Exit status 1 is either a group without a name (harmless) or a list that broke off (which would hide an
    // administrator). Numbers need no names: where they can all be had and are as many, nothing is missing.
    const numbered = await run(id, ['-Gz', '--', account.name], GROUPS_BYTES);
    const all = numbered.kind === 'exited' && numbered.code === 0 ? words(numbered.output) : null;
    if (all?.length !== groups.length) throw unavailable(failure);
    return groups;
  };

  // getent takes digits for a gid even where a group has that name: such a name is not asked for.
  const askGroup = async (name: string): Promise<GroupResolution> => {
    if (!isName(name) || /^[0-9]+$/.test(name)) return UNKNOWN;
    const outcome = await run(getent, ['group', '--', name], GROUP_BYTES);
    if (outcome.kind === 'failed') return UNAVAILABLE;
    if (outcome.code === GETENT_NOT_FOUND && outcome.output.length === 0) return UNKNOWN;
    const [first, ...rest] = lines(outcome.output);
    const group = outcome.code === 0 && first !== undefined && rest.length > 0 ? parseGroupLine(first) : null;
    return group ? { kind: 'found', name: group.name, members: group.members } : UNAVAILABLE;
  };

  const askList = async (): Promise<readonly Account[]> => {
    const outcome = await run(getent, ['passwd'], LIST_BYTES);
    if (outcome.kind === 'failed' || outcome.code !== 0) throw unavailable('which users there are');
    const byName = new Map<string, Account>();
    for (const line of lines(outcome.output)) {
      const account = parsePasswdLine(line);
      if (account && !byName.has(account.name)) byName.set(account.name, account);
    }
    return [...byName.values()];
  };

  return {
    resolve: async (name) => {
      if (!isName(name)) return UNKNOWN;
      return shared(`user ${name}`, () => (/^[0-9]+$/.test(name) ? numeric(name) : entry(name)));
    },
    groups: (account) => shared(`groups ${account.name}`, () => askGroups(account)),
    group: (name) => shared(`group ${name}`, () => askGroup(name)),
    list: () => shared('list', askList),
  };
}
