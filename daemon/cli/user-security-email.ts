// Owns `fygo-2fa user security-email`: where a user's codes are mailed to.

import { Fault } from '../kernel/fault.ts';
import type { UserDocument } from '../wire/admin.ts';
import type { Command, Session } from './command.ts';

export const userSecurityEmail: Command = {
  words: ['user', 'security-email'],
  takesName: true,
  operand: 'ADDRESS',
  flags: {
    confirm: { value: 'CODE', help: 'The code that was mailed to the new address' },
    remove: { help: 'Have no Security Email any more' },
  },
  summary: 'Show, set, confirm or remove where codes are mailed to',
  details: [
    'Without ADDRESS it shows what there is. A new address gets a code by mail and counts when that was typed; the old one counts until then, and is told.',
    'Whoever reads the mailbox gets codes that stand for the phone, and can reset the password: be sure that it is the user’s own.',
  ],
  async run(session) {
    const { operand, value, given } = session;
    const wishes = [operand, value('confirm'), given('remove') || undefined].filter(
      (one) => one !== undefined,
    );
    if (wishes.length > 1)
      throw new Fault(
        'usage',
        'An address, --confirm and --remove do not go together.',
        'One after the other: first the address, then --confirm with the code that was mailed.',
      );
    if (operand !== undefined) await set(session, operand);
    else await show(session);
    return 0;
  },
};

async function set({ admin, say, json, name }: Session, address: string): Promise<void> {
  const reply = await admin.call('setSecurityEmail', { params: { name }, body: { address } });
  if (reply.status === 429)
    throw new Fault(
      'mail-not-sent',
      'Codes are mailed once a minute and six times an hour at most, so none was sent.',
      `Try again in ${reply.body.retryAfter} seconds.`,
    );
  if (reply.status !== 202)
    throw new Fault(
      'mail-not-sent',
      reply.body.because === 'mail-failed'
        ? 'The mail server did not take the mail with the code, so the address cannot be confirmed.'
        : 'Mail is not set up, so the address cannot be confirmed and was not kept.',
      'Set mail up and try it: fygo-2fa mail show, fygo-2fa mail test ADDRESS.',
    );
  const { sentTo, state, validFor } = reply.body;
  if (json) say.json(reply.body);
  else
    say.note(
      'good',
      `A code ${state === 'sent' ? 'was mailed' : 'is on its way'} to ${sentTo}. It works for ${validFor / 60} minutes.`,
      `Then: fygo-2fa user security-email ${name} --confirm CODE`,
    );
}

async function show({ admin, say, json, name, value, given }: Session): Promise<void> {
  const code = value('confirm');
  const params = { name };
  const { body } =
    code !== undefined
      ? await admin.call('confirmSecurityEmail', { params, body: { code } })
      : await admin.call(given('remove') ? 'removeSecurityEmail' : 'user', { params });
  if (json) say.json(body.securityEmail);
  else say.note(body.securityEmail.confirmed ? 'good' : 'plain', `${name}: ${securityEmailOf(body)}.`);
}

/** The Security Email of a user in a few words. */
export function securityEmailOf({ securityEmail }: UserDocument): string {
  const { address, pending } = securityEmail;
  const waits = pending === null ? '' : `${address === null ? '' : ', '}${pending} waits to be confirmed`;
  return address === null && pending === null ? 'none' : `${address ?? ''}${waits}`;
}
