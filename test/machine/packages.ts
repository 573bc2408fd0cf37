// Owns what is installed in the machine of these tests, besides Debian's smallest system, and why.

export const PACKAGES: readonly (readonly [name: string, why: string])[] = [
  ['systemd', 'what is tested'],
  ['systemd-sysv', 'what is tested'],
  ['dbus', 'logind, timedated'],
  ['libpam-systemd', 'sessions as on a real system'],
  ['systemd-timesyncd', 'who keeps the clock'],
  ['login', 'the console'],
  ['sudo', 'logins'],
  ['openssh-server', 'logins'],
  ['openssh-client', 'logins, SFTP'],
  ['rsync', 'what must not be asked for a code'],
  ['nginx-light', 'the gateway in front of web.sock'],
  ['slapd', 'users of a directory'],
  ['ldap-utils', 'users of a directory'],
  ['libnss-ldapd', 'users of a directory'],
  ['nslcd', 'users of a directory'],
  ['curl', 'a client that is not ours'],
  ['python3', 'a person at a terminal; time servers'],
  ['iproute2', 'looking at the network'],
  ['procps', 'looking at processes'],
  ['util-linux', 'setpriv: other users'],
];
