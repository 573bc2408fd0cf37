// Owns `fygo-2fa user show`: one user, and what to do where something is wrong.

import type { UserDocument } from '../wire/admin.ts';
import type { Command, Session } from './command.ts';
import { shown } from './moments.ts';
import { stateOf } from './user-list.ts';
import { securityEmailOf } from './user-security-email.ts';

const METHODS = {
  totp: 'one-time password',
  'recovery-code': 'recovery code',
  'emergency-code': 'mailed emergency code',
} as const;
const FORMS = {
  single: 'one code',
  pair: 'two codes in a row (after many wrong ones)',
  triple: 'three codes in a row (the clock of this NAS is not known to be right)',
} as const;

export const userShow: Command = {
  words: ['user', 'show'],
  takesName: true,
  flags: {},
  summary: 'One user: what works, what is left, what went wrong',
  details: [],
  async run({ admin, say, json, name }) {
    const { body } = await admin.call('user', { params: { name } });
    if (json) say.json(body);
    else printUser(say, body);
    return 0;
  },
};

/** Everything the daemon says about one user, for a person. */
export function printUser(say: Session['say'], user: UserDocument): void {
  say.line(`${user.name} (uid ${user.uid}, ${user.administrator ? 'administrator' : 'standard user'})`);
  say.line();
  const enrolled = user.state === 'enrolled';
  say.pairs([
    [
      'Two-factor',
      user.enrolledAt === null ? stateOf(user) : `${stateOf(user)} since ${shown(user.enrolledAt)}`,
    ],
    ['Required', required(user)],
    ...(enrolled ? factor(user) : []),
    ['Security Email', securityEmailOf(user)],
    ['One-time pass', user.pass === null ? 'none' : `open until ${shown(user.pass)}`],
    ['Last login', user.lastLogin === null ? 'never' : shown(user.lastLogin)],
    ['Failures', failures(user.failures)],
  ]);
  for (const [text, hint] of troubles(user)) {
    say.line();
    say.note('warn', text, hint);
  }
}

function factor(user: UserDocument): [string, string][] {
  return [
    ['Works now', user.methods.map((method) => METHODS[method]).join(', ') || 'nothing'],
    ['Asked for', FORMS[user.form]],
    ['Recovery codes', `${user.recoveryCodes} left`],
    ['Trusted devices', user.trustedDevices === 0 ? 'none' : `${user.trustedDevices}`],
    ["Phone's clock", drift(user.driftSteps)],
  ];
}

function required(user: UserDocument): string {
  if (!user.required) return 'no';
  return user.enrolBy === null ? 'yes' : `yes, may enrol until ${shown(user.enrolBy)}`;
}

/** A learned step is 30 s (RFC 6238); below zero the phone shows codes that are already past. */
function drift(steps: number): string {
  if (steps === 0) return 'right';
  return `about ${Math.abs(steps) * 30} s ${steps < 0 ? 'slow' : 'fast'}, allowed for`;
}

function failures({ strangers, knownDevices }: UserDocument['failures']): string {
  if (strangers + knownDevices === 0) return 'none in a row';
  return `${strangers} in a row from strangers, ${knownDevices} from known devices`;
}

function troubles(user: UserDocument): [string, string][] {
  const found: [string, string][] = [];
  const { name } = user;
  if (user.state === 'state-lost')
    found.push([
      `${name} has enrolled, but what the daemon knew of it is gone. The door stays shut until root decides.`,
      `Restore a backup, or take the second factor away: fygo-2fa user reset ${name} --reason TEXT`,
    ]);
  if (user.state === 'identity-changed')
    found.push([
      `The name ${name} now belongs to another uid than the one that enrolled. It may be another person.`,
      `If it is right that way: fygo-2fa user reset ${name} --reason TEXT`,
    ]);
  if (user.totpSuspended)
    found.push([
      'So many wrong codes came in from strangers that one-time passwords are closed to them; known devices and recovery codes still work. Somebody may know the password.',
      `Change the password, or open it again: fygo-2fa user reset ${name} --failures --reason TEXT`,
    ]);
  if (user.state === 'enrolled' && user.recoveryCodes === 0 && user.pass === null)
    found.push([
      'No recovery code is left: without the phone there is no way in.',
      `Make new ones: fygo-2fa user recovery-codes ${name}`,
    ]);
  return found;
}
