// Owns `fygo-2fa user devices`: what a user trusts, why it ended, and its revocation.

import { Fault } from '../kernel/fault.ts';
import type { DeviceEnding, DevicesDocument } from '../wire/devices.ts';
import type { Command, Session } from './command.ts';
import { shownInColumn } from './moments.ts';

const ENDED: Readonly<Record<DeviceEnding, string>> = {
  'revoked-by-user': 'the user revoked it',
  'revoked-by-administrator': 'an administrator revoked it',
  'password-changed': 'the password changed',
  'account-removed': 'the account was removed',
  'two-factor-reset': 'two-factor was reset',
  'two-factor-off': 'two-factor was switched off',
  'phone-replaced': 'the phone was replaced',
  expired: 'its time was over',
  stolen: 'its token was copied: somebody else used it',
  'rolled-back': 'the database is older than the roster',
  'too-many': 'newer devices took its place',
  'switched-off': 'trusted devices are switched off in the configuration',
  'clock-changed': 'the clock of this NAS was set back',
  'account-changed': 'password or two-factor changed',
};

export const userDevices: Command = {
  words: ['user', 'devices'],
  takesName: true,
  flags: { revoke: { value: 'ID', help: 'End the trust in this device, or in "all"' } },
  summary: 'The devices a user trusts; revoke one or all',
  details: [
    'A trusted device is not asked for a code until its trust ends. Revoking it takes effect at its next login; whoever is logged in stays so.',
  ],
  async run({ admin, say, json, name, value }) {
    const which = idOf(value('revoke'));
    const params = { name };
    const { body } =
      which === undefined
        ? await admin.call('devices', { params })
        : await admin.call('revokeDevices', { params, body: { id: which } });
    if (json) say.json(body);
    else {
      if (which !== undefined) {
        const what = which === 'all' ? `No device of ${name} is` : `Device ${which} of ${name} is not`;
        say.note('good', `${what} trusted any more.`);
        say.line();
      }
      print(say, name, body);
    }
    return 0;
  },
};

function idOf(typed: string | undefined): number | 'all' | undefined {
  if (typed === undefined || typed === 'all') return typed;
  if (/^\d{1,9}$/.test(typed)) return Number(typed);
  throw new Fault(
    'usage',
    `"${typed}" is not the number of a device.`,
    'Use --revoke with a number of the list, or "all".',
  );
}

function print(say: Session['say'], name: string, { devices, ended }: DevicesDocument): void {
  if (devices.length === 0) say.line(`${name} trusts no device.`);
  else {
    say.table(
      [
        ['ID', 'NAME', 'BROWSER', 'FROM', 'LAST USED (UTC)', 'UNTIL (UTC)'],
        ...devices.map((one) => [
          `${one.id}`,
          one.name,
          [one.browser, one.system].filter((part) => part !== null).join(', '),
          one.address ?? '',
          shownInColumn(one.lastUsed),
          shownInColumn(one.until),
        ]),
      ],
      [1, 2, 3],
    );
  }
  if (ended.length === 0) return;
  say.line();
  say.table(
    [
      ['NOT TRUSTED ANY MORE', 'SINCE (UTC)', 'BECAUSE'],
      ...ended.map((one) => [one.name, shownInColumn(one.at), ENDED[one.because]]),
    ],
    [0, 2],
  );
}
