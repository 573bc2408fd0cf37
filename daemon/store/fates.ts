// Owns what becomes of each table when the state moves: into a backup, onto a board, back from memory.

/**
 * `settings`: in every backup. `accounts`: only in one that a passphrase or the board's own key closes. `stays`: what
 * happened on this board, in no backup, and kept when one is restored. `ends`: what is under way with somebody
 * outside; in no backup, and gone after a restore. `board`: the row that names key and floor, which is made anew.
 */
export type Fate = 'settings' | 'accounts' | 'stays' | 'ends' | 'board';

/** A table without an entry fails a test; at run time it is one that `ends`. */
export const FATES: Readonly<Record<string, Fate>> = {
  board: 'board',
  policy: 'settings',
  policy_name: 'settings',
  user: 'accounts',
  factor: 'accounts',
  burnt_step: 'accounts',
  recovery_code: 'accounts',
  redemption: 'ends',
  security_email: 'accounts',
  mailed_code: 'ends',
  mail_request: 'ends',
  stored_login: 'ends',
  // That a mailbox alone was believed lately must not be forgotten with an older state.
  password_reset: 'accounts',
  trusted_device: 'ends',
  device_token: 'ends',
  mail: 'accounts',
  letter: 'ends',
  audit: 'stays',
};

/** Columns that the master key seals. `user` and `row` are the columns, or the number, that name the place it is bound to. */
export interface Sealed {
  readonly table: string;
  readonly column: string;
  readonly user: string | number;
  readonly row: string;
}

/** What key rotation seals again; a test goes through every BLOB column. */
export const SEALED: readonly Sealed[] = [
  { table: 'factor', column: 'secret', user: 'user', row: 'user' },
  { table: 'mail', column: 'password', user: 0, row: 'id' },
  { table: 'mail', column: 'refresh_token', user: 0, row: 'id' },
  { table: 'letter', column: 'content', user: 'user', row: 'id' },
];

/** BLOB columns that are not sealed, each with what it is instead. */
export const UNSEALED: Readonly<Record<string, string>> = {
  'board.key_id': 'names the key; rotation writes the new one',
  'recovery_code.hash': 'a hash under a subkey that rotation keeps',
  'mailed_code.subject': 'a plain hash of what the code is for',
  'mailed_code.hash': 'a hash under a subkey of the present key; what is open ends with a new one',
  'stored_login.login': 'a plain hash of 256 random bits',
  'device_token.hash': 'a hash under a subkey that rotation keeps',
  'redemption.login': 'a plain hash of 256 random bits',
  'redemption.proof': 'a plain hash of 256 random bits',
};
