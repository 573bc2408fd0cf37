// Owns the test of the mail settings: one letter to one address, and each step of the way told.

import { Fault } from '../kernel/fault.ts';
import { token } from '../kernel/random.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import type { Parts } from '../service/parts.ts';
import { type JourneyStep, type MailMessage, readJourney } from '../wire/mail.ts';
import type { MailTest } from '../wire/mail-setting.ts';
import { domainOf, readAddress } from './address.ts';
import { composeTest } from './compose.ts';
import { standingOf } from './deliver.ts';
import { explain } from './explain.ts';
import { hush } from './hush.ts';
import { endingOf, troubleOf } from './judge.ts';
import { prepare } from './prepare.ts';
import type { MailSetting } from './setting.ts';

/** What a step that went well is told as. */
const DONE: Readonly<Record<JourneyStep['step'], (setting: MailSetting) => string>> = {
  resolve: ({ host }) => `The name ${host} was found.`,
  connect: ({ host, port }) => `${host}:${port} took the connection.`,
  tls: ({ host }) => `The connection is encrypted, and the certificate is that of ${host}.`,
  'sign-in': ({ account }) => `${account ?? 'The user'} was signed in.`,
  accepted: () => 'The server took the letter. Look into the mailbox, and into its folder for spam.',
};

/**
 * Sends one letter now, past the queue, and waits for what becomes of it (some 40 s at most).
 * @throws Fault `malformed-address`, `mail-not-set-up`
 */
export async function testMail(parts: Parts, typed: string, actor: Actor): Promise<MailTest> {
  const { state, clock, random, config, host, mail: desk } = parts;
  const to = readAddress(typed);
  if (to === null) throw malformed();
  const prepared = await prepare(parts);
  if (prepared.kind === 'off') throw notSetUp();
  const { setting, version } = prepared.mail;
  const { issuer } = config.brand;
  let steps: MailTest['steps'];
  let ending: ReturnType<typeof endingOf>;
  if (prepared.kind === 'failed') {
    ending = { code: prepared.failure, text: prepared.said };
    steps = [failedStep('sign-in', setting, ending)];
  } else {
    const message: MailMessage = {
      ...composeTest({ host, issuer, at: clock.now() }),
      from: { name: issuer, address: setting.sender },
      to,
      messageId: `<${token(random)}@${domainOf(setting.sender)}>`,
      date: clock.now(),
    };
    const question = { kind: 'send', account: prepared.account, message } as const;
    const journey = readJourney(await desk.role.handle(question).catch(() => null));
    const { secrets } = prepared;
    ending = endingOf(journey, standingOf(parts), secrets);
    if (ending?.code === 'sign-in-refused') desk.forget();
    steps = (journey?.steps ?? []).map((step) =>
      step.ok
        ? { step: step.step, ok: true, text: DONE[step.step](setting), hint: null }
        : failedStep(step.step, setting, {
            code: troubleOf(step, standingOf(parts)),
            text: hush(step.said, secrets),
          }),
    );
    if (journey === null) steps = [failedStep('connect', setting, { code: 'helper-failed', text: '' })];
  }
  await state.write((t) => {
    const trouble = ending?.code === 'recipient-refused' ? null : ending;
    t.mail.tried(version, { at: clock.now(), trouble });
    t.audit.add(rowBy(actor, clock.now(), actor.name, 'mail-test', ending?.code ?? 'sent'));
  });
  if (ending === null) parts.outbox.retry();
  return { ok: ending === null, steps };
}

function failedStep(
  step: JourneyStep['step'],
  setting: MailSetting,
  { code, text: said }: NonNullable<ReturnType<typeof endingOf>>,
): MailTest['steps'][number] {
  const { text, hint } = explain(code, said, setting);
  return { step, ok: false, text, hint, code, said };
}

function malformed(): Fault {
  return new Fault(
    'malformed-address',
    'This is not an address that a letter can be sent to. Nothing was sent.',
    'Type it as the mail provider writes it, for example alice@example.com.',
  );
}

function notSetUp(): Fault {
  return new Fault(
    'mail-not-set-up',
    'No mail server is set up, so nothing was sent.',
    'Set one up first: Email service in the settings, or "fygo-2fa mail set".',
  );
}
