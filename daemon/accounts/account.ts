// Owns what an account is, and which accounts a policy can mean.

/** A user as NSS knows it: local, LDAP or Active Directory. */
export interface Account {
  /** The canonical name: what NSS answered, not what was asked. */
  readonly name: string;
  /** 0 to 4294967294. */
  readonly uid: number;
  readonly gid: number;
  /** Full name and more; whoever holds the account may have chosen it. */
  readonly gecos?: string;
  readonly home?: string;
  /** Empty stands for /bin/sh (passwd(5)). */
  readonly shell: string;
}

const FIRST_PERSON = 1_000;
const NO_LOGIN = new Set(['nologin', 'false', 'true', 'sync', 'halt', 'shutdown', 'reboot']);

/** systemd's dynamic service users, `nobody`, and the 16-bit "no id". */
function isSystemUid(uid: number): boolean {
  return uid < FIRST_PERSON || (uid >= 61_184 && uid <= 65_519) || uid === 65_534 || uid === 65_535;
}

/**
 * Can a person log in with it, so that a policy can mean it? System accounts without a login shell cannot.
 * Anybody else counts whatever the shell: on a NAS the people who only use the web interface have `nologin`.
 * uid 0 always counts, under any name.
 */
export function isLoginAccount(account: Account): boolean {
  if (account.uid === 0) return true;
  if (!isSystemUid(account.uid)) return true;
  const program = account.shell.slice(account.shell.lastIndexOf('/') + 1);
  return !NO_LOGIN.has(program);
}

/**
 * Is it an administrator: uid 0, or a member of one of the administrator groups? Names are compared exactly:
 * NSS may hold two groups that differ in case only.
 */
export function isAdministrator(
  account: Account,
  groups: readonly string[],
  administratorGroups: readonly string[],
): boolean {
  return account.uid === 0 || groups.some((group) => administratorGroups.includes(group));
}
