// Owns `fygo-2fa user enrol`: from nothing to a phone that works, in one sitting.

import { groupsOfFour } from '../enrolment/otpauth.ts';
import { qrAnsi, qrColumns, qrText } from '../enrolment/qr.ts';
import { Fault } from '../kernel/fault.ts';
import type { EnrolmentOffer } from '../wire/login.ts';
import { printRecoveryCodes } from './codes.ts';
import type { Command, Session } from './command.ts';

const TRIES = 3;

export const userEnrol: Command = {
  words: ['user', 'enrol'],
  takesName: true,
  flags: {},
  summary: 'Switch two-factor on, with a QR code in the terminal',
  details: [
    'Two-factor is on once the first code was right; until then nothing has changed. Run it in a terminal of at least 80 columns, with the phone of the user at hand.',
    'With --json it prints a line {"account", "secret", "uri"}, reads the first code as a line from standard input, and prints a line {"outcome": "enrolled", "recoveryCodes"} or {"error"}.',
  ],
  async run(session) {
    const { admin, say, json, name } = session;
    const { body: offer } = await admin.call('enrolment', { params: { name } });
    if (json) {
      const { account, secret, uri } = offer;
      say.json({ account, secret, uri });
      const recoveryCodes = await confirm(session, '');
      say.json({ outcome: 'enrolled', recoveryCodes });
      return 0;
    }
    await show(session, offer);
    const recoveryCodes = await persevere(session);
    say.line();
    say.note('good', `Two-factor is on for ${name}.`);
    say.line();
    printRecoveryCodes(say, name, recoveryCodes);
    return 0;
  },
};

/** The text comes first, so that the QR code still stands above the prompt in a window of 24 lines. */
async function show({ say, name }: Session, offer: EnrolmentOffer): Promise<void> {
  const needed = await qrColumns(offer.uri);
  const drawn = needed <= say.width;
  say.paragraph(
    drawn
      ? `Scan the code with an authenticator app on ${name}'s phone (any app for one-time passwords will do). Or type into the app by hand:`
      : `Type this into an authenticator app on ${name}'s phone (any app for one-time passwords will do). For a QR code the terminal would need ${needed} columns; it has ${say.width}.`,
  );
  say.line();
  say.pairs([
    ['Account', offer.account],
    ['Secret key', groupsOfFour(offer.secret)],
  ]);
  say.line();
  if (drawn) say.drawing(say.colourful ? await qrAnsi(offer.uri) : await qrText(offer.uri));
}

/** The first code, with what the daemon has to say about each wrong one. */
async function persevere(session: Session): Promise<readonly string[]> {
  const { say, name } = session;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      return await confirm(session, 'First code from the app: ');
    } catch (error) {
      if (!(error instanceof Fault) || !MISTYPED.has(error.code)) throw error;
      say.note('bad', error.message, error.hint);
    }
  }
  throw new Fault(
    'enrolment-refused',
    `None of the ${TRIES} codes was right. Two-factor is not on for ${name}.`,
    `See that the phone sets its date and time automatically, then begin again: fygo-2fa user enrol ${name}`,
  );
}

const MISTYPED: ReadonlySet<string> = new Set(['enrolment-refused', 'malformed-code']);

async function confirm({ admin, ask, name }: Session, question: string): Promise<readonly string[]> {
  const typed = await ask(question);
  if (typed === undefined)
    throw new Fault(
      'cancelled',
      `No code was typed. Two-factor is not on for ${name}.`,
      `Begin again: fygo-2fa user enrol ${name}`,
    );
  const code = typed.trim();
  if (code === '' || code.length > 128)
    throw new Fault('malformed-code', 'That is not a code.', 'Type the six digits that the app shows.');
  const { body } = await admin.call('enrolmentConfirm', { params: { name }, body: { code } });
  return body.recoveryCodes;
}
