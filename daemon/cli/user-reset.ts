// Owns `fygo-2fa user reset`: taking the second factor away, forgetting failures, or forgetting the account.

import { Fault } from '../kernel/fault.ts';
import type { RESETS } from '../wire/admin.ts';
import type { Command, Session } from './command.ts';

type What = (typeof RESETS)[number];

export const userReset: Command = {
  words: ['user', 'reset'],
  takesName: true,
  flags: {
    reason: { value: 'TEXT', required: true, help: 'Why; it is kept in the audit log' },
    failures: { help: 'Only forget the wrong codes; the second factor stays' },
    delete: { help: 'Forget the account altogether, for one that is gone from the system' },
    yes: { help: 'Do not ask; needed where standard input is no terminal' },
  },
  summary: 'Take the second factor away, or only forget failures',
  details: [
    'After a reset the password alone opens the door, unless the policy requires two-factor: then the next login enrols anew. The phone, the recovery codes, the one-time pass and every trusted device of the user end.',
    'For a lost phone "user pass NAME" is the milder way: it lets the user in once.',
  ],
  async run(session) {
    const { admin, say, json, name, value, given } = session;
    const what = wanted(given('failures'), given('delete'));
    if (what !== 'failures' && !given('yes')) await beSure(session, what);
    const reply = await admin.call('reset', {
      params: { name },
      body: { reason: value('reason') ?? '', what },
    });
    const user = reply.status === 200 ? reply.body : undefined;
    if (json) say.json(user ?? { outcome: 'forgotten', user: name });
    else if (user === undefined) say.note('good', `The daemon has forgotten ${name}.`);
    else if (what === 'failures') say.note('good', `The failures of ${name} are forgotten.`);
    else
      say.note(
        'good',
        `${name} has no second factor any more.`,
        user.required
          ? `The policy requires it: ${name} enrols at the next login.`
          : `Switch it on again: fygo-2fa user enrol ${name}`,
      );
    return 0;
  },
};

function wanted(failures: boolean, account: boolean): What {
  if (failures && account)
    throw new Fault('usage', '--failures and --delete do not go together.', 'Decide for one of them.');
  if (failures) return 'failures';
  return account ? 'account' : 'factor';
}

async function beSure({ io, say, json, name, ask }: Session, what: What): Promise<void> {
  if (!io.tty.stdin)
    throw new Fault(
      'usage',
      `Nobody can be asked whether ${name} is really meant: standard input is no terminal.`,
      'In a script, say so with --yes.',
    );
  if (!json)
    say.note(
      'warn',
      what === 'account'
        ? `The daemon will forget everything it knows of ${name}.`
        : `This takes the phone, the recovery codes and the trusted devices of ${name} away.`,
    );
  const typed = await ask("Type the user's name to confirm: ");
  if (typed?.trim() !== name)
    throw new Fault(
      'cancelled',
      `That was not "${name}". Nothing was changed.`,
      'Run the command again to try again.',
    );
}
