// Owns the tests of the doctor's judgement on sockets, PAM, sshd and the machine.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitOf, type Finding } from '../../daemon/doctor/finding.ts';
import { type Host, hostFindings } from '../../daemon/doctor/host.ts';
import { pamFindings } from '../../daemon/doctor/pam.ts';
import { socketFindings } from '../../daemon/doctor/sockets.ts';

const codes = (findings: readonly Finding[]) => findings.map(({ code, severity }) => `${code} ${severity}`);

const SOCKETS = `/run/fygo-2fa/login.sock 660 root:fygo-login
/run/fygo-2fa/web.sock 660 root:fygo-web
/run/fygo-2fa/admin.sock 600 root:root
/run/fygo-2fa/time.sock 600 fygo-2fa:fygo-2fa
/run/fygo-2fa/mail.sock 600 fygo-2fa:fygo-2fa
/run/fygo-2fa/set-clock.sock 600 fygo-2fa:fygo-2fa
`;

const SOCKET_CASES: readonly (readonly [what: string, text: string, string[]])[] = [
  ['as they should be', SOCKETS, []],
  ['one is open to all', SOCKETS.replace('admin.sock 600', 'admin.sock 666'), ['socket-open critical']],
  ['the group is missing', SOCKETS.replace('fygo-login', 'root'), ['socket-open critical']],
  [
    'one is for another user',
    SOCKETS.replace('time.sock 600 fygo', 'time.sock 600 bob'),
    ['socket-open critical'],
  ],
  ['the daemon made them itself', SOCKETS.replace('root:fygo-web', 'fygo-2fa:fygo-web'), []],
  ['no login.sock', SOCKETS.replace(/^.*login.*\n/, ''), ['socket-missing critical']],
  ['no mail.sock', SOCKETS.replace(/^.*mail.*\n/m, ''), ['socket-missing warning']],
];

for (const [what, text, expected] of SOCKET_CASES) {
  test(`sockets: ${what}`, () => assert.deepEqual(codes(socketFindings(text)), expected));
}

const ASKING = '@include common-auth\n@include fygo-2fa\n';
const PROFILE = 'auth required pam_fygo_2fa.so\n';
const GOOD_SSHD = `usepam yes
passwordauthentication no
kbdinteractiveauthentication yes
pubkeyauthentication yes
authenticationmethods keyboard-interactive
`;

interface Stack {
  readonly sshd?: string | null;
  readonly profile?: string | null;
  readonly config?: string | null;
}

function pam({ sshd = ASKING, profile = PROFILE, config = GOOD_SSHD }: Stack): string[] {
  const files = new Map([
    ['sshd', sshd],
    ['fygo-2fa', profile],
  ]);
  return codes(pamFindings(files, config));
}

test('PAM: SSH asks', () => assert.deepEqual(pam({}), []));
test('PAM: nobody asks', () =>
  assert.deepEqual(pam({ sshd: '@include common-auth\n' }), ['pam-not-asked note']));
test('PAM: a line that is commented out asks nobody', () => {
  assert.deepEqual(pam({ sshd: '# @include fygo-2fa\n#auth required pam_fygo_2fa.so\n' }), [
    'pam-not-asked note',
  ]);
});
test('PAM: the profile is gone', () =>
  assert.deepEqual(pam({ profile: null }), ['pam-profile-missing critical']));
test('PAM: a daemon that is away opens the door', () => {
  assert.deepEqual(pam({ profile: 'auth required pam_fygo_2fa.so timeout=3 unavailable=allow\n' }), [
    'pam-opens warning',
  ]);
});
test('PAM: no sshd', () => assert.deepEqual(pam({ sshd: null, config: null }), []));

const SSHD_CASES: readonly (readonly [from: string, to: string, finding: string])[] = [
  ['usepam yes', 'usepam no', 'ssh-without-pam critical'],
  ['kbdinteractiveauthentication yes', 'kbdinteractiveauthentication no', 'ssh-cannot-ask warning'],
  ['passwordauthentication no', 'passwordauthentication yes', 'ssh-password-method warning'],
  ['authenticationmethods keyboard-interactive', 'authenticationmethods any', 'ssh-key-alone note'],
];
for (const [from, to, finding] of SSHD_CASES) {
  test(`sshd: ${to}`, () => assert.deepEqual(pam({ config: GOOD_SSHD.replace(from, to) }), [finding]));
}

const HOST: Host = {
  free: new Map([['/var/lib/fygo-2fa', 2 ** 30]]),
  kernel: '6.1.0-28-amd64',
  keeper: 'timesyncd',
  timezone: 'Europe/Berlin',
  localtime: true,
};
const HOST_CASES: readonly (readonly [what: string, changed: Partial<Host>, string[]])[] = [
  ['all is well', {}, []],
  ['nobody has looked at the clock yet', { keeper: null, timezone: null }, []],
  ['little space', { free: new Map([['/', 60 * 2 ** 20]]) }, ['space-low warning']],
  ['no space', { free: new Map([['/', 2 ** 20]]) }, ['space-low critical']],
  ['no folder', { free: new Map([['/', null]]) }, ['folder-missing critical']],
  ['an old kernel', { kernel: '4.19.0-27-arm64' }, ['kernel-old warning']],
  ['a kernel that is just new enough', { kernel: '5.10.0' }, []],
  ['nobody keeps the clock', { keeper: 'none' }, ['clock-unkept warning']],
  ['no time zone', { localtime: false }, ['timezone-missing note']],
];
for (const [what, changed, expected] of HOST_CASES) {
  test(`host: ${what}`, () => assert.deepEqual(codes(hostFindings({ ...HOST, ...changed })), expected));
}

test('the exit code is that of the worst', () => {
  const of = (...severities: Finding['severity'][]) =>
    exitOf(severities.map((severity) => ({ code: '', severity, text: '', hint: '' })));
  assert.equal(of(), 0);
  assert.equal(of('note'), 0);
  assert.equal(of('note', 'warning'), 1);
  assert.equal(of('warning', 'critical', 'note'), 2);
});
