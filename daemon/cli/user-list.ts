// Owns `fygo-2fa user list`.

import type { UserDocument } from '../wire/admin.ts';
import type { Command } from './command.ts';
import { shownInColumn } from './moments.ts';

const STATES = {
  enrolled: 'enrolled',
  'not-enrolled': 'not enrolled',
  'state-lost': 'STATE LOST',
  'identity-changed': 'IDENTITY CHANGED',
  removed: 'removed',
} as const;

/** How a user's state is written for a person; what needs a hand is in capitals. */
export function stateOf(user: UserDocument): string {
  return STATES[user.state];
}

export const userList: Command = {
  words: ['user', 'list'],
  takesName: false,
  flags: {},
  summary: 'Every user the daemon knows',
  details: [
    'Required: the policy asks this user for a second step. Codes: recovery codes left. A state in capitals keeps the user out: "user show NAME" says what to do.',
  ],
  async run({ admin, say, json }) {
    const { body } = await admin.call('users', {});
    if (json) say.json(body);
    else if (body.users.length === 0) say.line('The daemon knows no user yet.');
    else {
      say.table(
        [
          ['USER', 'ROLE', 'TWO-FACTOR', 'REQUIRED', 'CODES', 'LAST LOGIN (UTC)'],
          ...body.users.map((user) => [
            user.name,
            user.administrator ? 'administrator' : 'standard',
            stateOf(user),
            user.required ? 'yes' : 'no',
            user.state === 'enrolled' ? String(user.recoveryCodes) : '',
            user.lastLogin === null ? 'never' : shownInColumn(user.lastLogin),
          ]),
        ],
        [0],
      );
    }
    return 0;
  },
};
