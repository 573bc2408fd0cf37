// Owns the table of who a name is, for every combination of row, roster, NSS and claimed uid that differs.

import type { Account } from '../../daemon/accounts/account.ts';
import { type Resolution, UNAVAILABLE } from '../../daemon/accounts/directory.ts';

/** What there is of a user: a row (enrolled or not), a line in the roster. */
export interface Known {
  readonly uid: number;
  readonly row: 'enrolled' | 'no-factor' | null;
  /** How far the roster is ahead of the row; `null` for no line. */
  readonly ahead: number | null;
}

export const account = (name: string, uid: number): Account => ({ name, uid, gid: 100, shell: '/bin/sh' });
export const found = (name: string, uid: number): Resolution => ({
  kind: 'found',
  account: account(name, uid),
  stale: false,
});

export const enrolled = (uid: number): Known => ({ uid, row: 'enrolled', ahead: 0 });
/** A row without a factor: reset, or in grace. */
export const bare = (uid: number): Known => ({ uid, row: 'no-factor', ahead: 0 });
/** In the roster, and nothing of him in the database. */
export const lost = (uid: number): Known => ({ uid, row: null, ahead: 0 });
/** A row without a factor in a database that is older than the roster. */
const behind = (uid: number): Known => ({ uid, row: 'no-factor', ahead: 1 });
/** Committed, and not yet in the roster. */
const early = (uid: number): Known => ({ uid, row: 'enrolled', ahead: null });
const KINDS: Readonly<Record<string, (uid: number) => Known>> = { enrolled, bare, lost, behind, early };

export interface Case {
  readonly what: string;
  readonly name: string;
  readonly uid: number | undefined;
  readonly people: Readonly<Record<string, Known>>;
  readonly answers: Readonly<Record<string, Resolution>>;
  readonly is: string;
}

/**
 * The name asked for, the uid claimed with it, what we have (`name=kind:uid`), what NSS answers (`asked=name:uid`;
 * `?`: it cannot say; a name that is not there it does not know), who that is, and in words. `-`: none.
 */
const TABLE = String.raw`
alice     -     -                          alice=alice:1000                 account alice          nobody we know
alice     1000  -                          alice=alice:1000                 account alice          and the uid that NSS gives
alice     1001  -                          alice=alice:1000                 identity-changed       and another uid
alice     0     -                          alice=alice:1000                 identity-changed       and root's uid
alice     -     -                          -                                unknown-user           nobody anywhere
alice     -     -                          alice=?                          directory-unavailable  NSS is away

alice     -     alice=enrolled:1000        alice=alice:1000                 user alice             enrolled
alice     1000  alice=enrolled:1000        -                                user alice             enrolled, and his uid
alice     1     alice=enrolled:1000        -                                identity-changed       enrolled, and another uid
alice     -     alice=enrolled:1000        -                                user alice             enrolled, NSS does not know him
alice     -     alice=enrolled:1000        alice=?                          user alice             enrolled, NSS is away
alice     -     alice=early:1000           -                                user alice             enrolled, not in the roster yet

alice     -     alice=bare:1000            alice=alice:1000                 user alice             without a factor
alice     -     alice=bare:1000            -                                user alice             without a factor, NSS does not know him
alice     -     alice=bare:1000            alice=?                          user alice             without a factor, NSS is away
alice     7     alice=bare:1000            -                                identity-changed       without a factor, another uid claimed
alice     7     alice=bare:1000            alice=?                          identity-changed       the same, NSS is away
alice     -     alice=bare:1000            alice=alice:2000                 identity-changed       the name was given to another uid
alice     2000  alice=bare:1000            alice=alice:2000                 identity-changed       and that uid is claimed

Alice     -     alice=enrolled:1000        Alice=alice:1000                 user alice             another case
Alice     1000  alice=enrolled:1000        Alice=alice:1000                 user alice             another case, and his uid
Alice     9     alice=enrolled:1000        Alice=alice:1000                 identity-changed       another case, and another uid
Alice     -     alice=enrolled:1000        Alice=?                          directory-unavailable  another case, NSS is away
Alice     1000  alice=enrolled:1000        -                                unknown-user           another case, NSS does not know it
D\alice   -     alice=enrolled:1000        D\alice=alice:1000               user alice             with its domain
1000      -     alice=enrolled:1000        1000=alice:1000                  user alice             by uid

toor      -     alice=enrolled:1000        toor=toor:1000 alice=alice:1000  user alice             a second name of one uid
toor      -     alice=bare:1000            toor=toor:1000 alice=alice:1000  user alice             a second name, without a factor
toor      -     alice=enrolled:1000        toor=toor:1000 alice=?           user alice             a second name, and the first cannot be asked
bob       -     alice=enrolled:1000        bob=bob:1000                     identity-changed       the uid was given to somebody new
bob       1000  alice=enrolled:1000        bob=bob:1000                     identity-changed       and it is claimed
bob       -     alice=bare:1000            bob=bob:1000                     identity-changed       the same without a factor
bob       -     alice=enrolled:1000        bob=bob:1000 alice=alice:2000    identity-changed       the old name has another uid now
alice     -     alice=bare:1000            alice=ALICE:1000                 user alice             NSS writes the name another way now
bob       -     alice=enrolled:1000        bob=bob:1001                     account bob            somebody else

alice     -     alice=lost:1000            alice=alice:1000                 state-lost             in the roster only
alice     1000  alice=lost:1000            alice=alice:1000                 state-lost             in the roster only, and his uid
alice     -     alice=lost:1000            -                                state-lost             in the roster only, NSS does not know him
alice     -     alice=lost:1000            alice=?                          state-lost             in the roster only, NSS is away
Alice     -     alice=lost:1000            Alice=alice:1000                 state-lost             in the roster only, another case
toor      -     alice=lost:1000            toor=toor:1000                   state-lost             in the roster only, a second name
alice     -     alice=lost:1000            alice=alice:2000                 state-lost             in the roster only, now with another uid
bob       -     alice=bare:1000 bob=lost:1001  bob=bob:1000 alice=alice:1000  state-lost           lost, and his uid is that of somebody we know
bob       -     alice=lost:1000            bob=bob:1001                     account bob            somebody else's state is lost

alice     -     alice=behind:1000          alice=alice:1000                 state-lost             an older row without a factor
alice     -     alice=behind:1000          alice=?                          state-lost             an older row without a factor, NSS is away
alice     -     alice=behind:1000          -                                state-lost             an older row without a factor, NSS does not know him
toor      -     alice=behind:1000          toor=toor:1000 alice=alice:1000  state-lost             an older row without a factor, a second name
`;

/** `a=x b=y` as entries. */
function pairs<T>(text: string, read: (value: string) => T): Record<string, T> {
  if (text === '-') return {};
  return Object.fromEntries(
    text.split(' ').map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), read(pair.slice(at + 1))];
    }),
  );
}

function known(text: string): Known {
  const [kind = '', uid] = text.split(':');
  const make = KINDS[kind];
  if (!make) throw new Error(`no such kind of user: ${text}`);
  return make(Number(uid));
}

function answer(text: string): Resolution {
  const [name = '', uid] = text.split(':');
  return text === '?' ? UNAVAILABLE : found(name, Number(uid));
}

export const CASES: readonly Case[] = TABLE.split('\n')
  .filter((line) => line !== '')
  .map((line) => {
    const [name = '', uid, people = '', answers = '', is = '', what = ''] = line.split(/ {2,}/);
    return {
      what,
      name,
      uid: uid === '-' ? undefined : Number(uid),
      people: pairs(people, known),
      answers: pairs(answers, answer),
      is,
    };
  });
