// Owns the proof of the conversation with mail servers: how far it comes, and what each failure is called.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { after, before, type TestContext, test } from 'node:test';
import { converse, PATIENCE } from '../../daemon/mail/smtp.ts';
import type { Journey, MailAccount, MailMessage } from '../../daemon/wire/mail.ts';
import { readJourney } from '../../daemon/wire/mail.ts';
import { type Certificates, lackingOpenssl, makeCertificates } from './certificates.ts';
import { mailServer, rawServer } from './mail-server.ts';

let certificates: Certificates & { remove(): void };
before(() => {
  if (!lackingOpenssl) certificates = makeCertificates();
});
after(() => certificates?.remove());

const LETTER: MailMessage = {
  from: { name: 'Fygo NAS', address: 'nas@example.com' },
  to: 'alice@example.com',
  subject: 'Emergency Verification Code',
  text: 'ABCD-EFGH\n',
  html: '<p>ABCD-EFGH</p>',
  messageId: '<one@example.com>',
  date: Date.UTC(2026, 10, 24, 8),
};
const IMPATIENT = { step: 400, whole: 1_000 };
const SIGN_IN = { with: 'password', user: 'nas@example.com', password: 'right password' } as const;

function account(port: number, changed: Partial<MailAccount> = {}): MailAccount {
  return { host: 'localhost', port, security: 'starttls', ca: certificates.ca, signIn: SIGN_IN, ...changed };
}

const told = ({ outcome, steps }: Journey) =>
  `${outcome}: ${steps.map((step) => (step.ok ? step.step : `${step.step} ${step.failure}`)).join(', ')}`;

async function tells(of: Promise<Journey>, expected: string, said?: RegExp): Promise<void> {
  const journey = await of;
  assert.equal(told(journey), expected);
  assert.ok(readJourney(journey), 'the core understands it');
  const last = journey.steps.at(-1);
  if (said) assert.match(last?.ok === false ? last.said : '', said);
}

const skip = lackingOpenssl;
const good = (t: TestContext, changed = {}) => mailServer(t, { ...certificates.good, ...changed });

test('each security reaches the mailbox, with one Message-ID and no more than was asked for', {
  skip,
}, async (t) => {
  for (const security of ['starttls', 'tls', 'plain'] as const) {
    const server = await good(t, { secure: security === 'tls', allowInsecureAuth: true });
    const way = security === 'plain' ? 'connect' : 'connect, tls';
    await tells(
      converse(account(server.port, { security }), LETTER),
      `done: resolve, ${way}, sign-in, accepted`,
    );
    const [letter, ...others] = server.letters;
    assert.deepEqual([letter?.from, letter?.to, others], ['nas@example.com', ['alice@example.com'], []]);
    assert.match(letter?.raw ?? '', /^Message-ID: <one@example\.com>\r$/m);
    assert.match(letter?.raw ?? '', /^Auto-Submitted: auto-generated\r$/m);
    assert.match(letter?.raw ?? '', /^Date: Tue, 24 Nov 2026 08:00:00 \+0000\r$/m);
  }
});

test('a probe signs in and sends nothing; without a user nobody signs in', { skip }, async (t) => {
  const server = await good(t);
  await tells(converse(account(server.port), null), 'done: resolve, connect, tls, sign-in');
  await tells(
    converse(account(server.port, { signIn: null }), LETTER),
    'done: resolve, connect, tls, accepted',
  );
  assert.equal(server.letters.length, 1);
});

test('a wrong password, in the words of the server', { skip }, async (t) => {
  const server = await good(t);
  const signIn = { ...SIGN_IN, password: 'wrong' };
  await tells(
    converse(account(server.port, { signIn }), LETTER),
    'failed: resolve, connect, tls, sign-in sign-in-refused',
    /5\.7\.8 Error: authentication failed/,
  );
});

test('a mailbox whose passwords have ended, as Outlook says it', { skip }, async (t) => {
  const said = '5.7.139 Authentication unsuccessful, basic authentication is disabled.';
  const server = await good(t, {
    onAuth: (_auth: unknown, _session: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error(said), { responseCode: 535 })),
  });
  await tells(
    converse(account(server.port), LETTER),
    'failed: resolve, connect, tls, sign-in passwords-refused',
    /basic authentication is disabled/,
  );
});

test('a certificate that has expired, has another name, or was issued by a stranger', { skip }, async (t) => {
  for (const security of ['starttls', 'tls'] as const) {
    const secure = security === 'tls';
    const expired = await mailServer(t, { ...certificates.expired, secure });
    await tells(
      converse(account(expired.port, { security }), LETTER),
      'failed: resolve, connect, tls certificate-date',
    );
    const other = await mailServer(t, { ...certificates.otherName, secure });
    await tells(
      converse(account(other.port, { security }), LETTER),
      'failed: resolve, connect, tls certificate-name',
    );
    const stranger = await good(t, { secure });
    const trusting = account(stranger.port, { security, ca: null });
    await tells(converse(trusting, LETTER), 'failed: resolve, connect, tls certificate-untrusted');
    assert.equal(expired.letters.length + other.letters.length + stranger.letters.length, 0);
  }
});

test('no STARTTLS, no letter', { skip }, async (t) => {
  const server = await good(t, {
    hideSTARTTLS: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
  });
  await tells(converse(account(server.port), LETTER), 'failed: resolve, connect, tls no-starttls');
  assert.equal(server.letters.length, 0);
});

test('the wrong kind of security for the port', { skip }, async (t) => {
  const tls = await good(t, { secure: true });
  const asked = converse(account(tls.port), LETTER, IMPATIENT);
  const { outcome, steps } = await asked;
  assert.deepEqual([outcome, steps.at(-1)?.step], ['failed', 'connect']);
  const starttls = await good(t);
  await tells(
    converse(account(starttls.port, { security: 'tls' }), LETTER),
    'failed: resolve, connect, tls tls-failed',
  );
});

test('nobody there, nobody answering, and something that is no mail server', { skip }, async (t) => {
  const gone = createServer().listen(0, '127.0.0.1');
  await once(gone, 'listening');
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  await tells(converse(account(port), LETTER), 'failed: resolve, connect unreachable', /ECONNREFUSED/);
  const silent = await rawServer(t, () => {});
  await tells(converse(account(silent), LETTER, IMPATIENT), 'failed: resolve, connect timeout');
  const web = await rawServer(t, (say, line) => line === null && say('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await tells(converse(account(web), LETTER, IMPATIENT), 'failed: resolve, connect not-smtp');
  const shut = await rawServer(t, (_say, _line, socket) => socket.destroy());
  await tells(converse(account(shut), LETTER, IMPATIENT), 'failed: resolve, connect not-smtp');
  await tells(
    converse(account(25, { host: 'no-such-host.invalid' }), LETTER, { step: 5_000, whole: 6_000 }),
    'failed: resolve no-address',
  );
});

test('garbage without an end is cut off, and nothing hangs', { skip }, async (t) => {
  const endless = await rawServer(t, (_say, _line, socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write('x'.repeat(16_384)));
    };
    socket.on('drain', more);
    more();
  });
  const { outcome, steps } = await converse(account(endless), LETTER, { step: 5_000, whole: 6_000 });
  assert.deepEqual([outcome, steps.at(-1)?.ok], ['failed', false]);
  const slow = await rawServer(t, (say, line) => say(line === null ? '220-still\r\n' : '250-still\r\n'));
  await tells(converse(account(slow), LETTER, IMPATIENT), 'failed: resolve, connect timeout');
});

const PLAIN = (port: number) => account(port, { security: 'plain', signIn: null });

/** A server that says what is listed for each command, and 250 to everything else. */
function scripted(
  t: TestContext,
  replies: Readonly<Record<string, string>>,
  end?: (say: (text: string) => void, close: () => void) => void,
) {
  const state = new WeakMap<object, boolean>();
  return rawServer(t, (say, line, socket) => {
    if (line === null) return say(replies.greeting ?? '220 ready\r\n');
    if (state.get(socket)) {
      if (line !== '.') return;
      state.set(socket, false);
      return end ? end(say, () => socket.destroy()) : say(replies.dot ?? '250 2.0.0 taken\r\n');
    }
    const verb = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
    if (verb === 'DATA' && !replies.DATA) state.set(socket, true);
    say(replies[verb] ?? (verb === 'DATA' ? '354 go on\r\n' : '250 fine\r\n'));
  });
}

test('greylisting and a full limit are for later; a recipient or a letter refused is for good', {
  skip,
}, async (t) => {
  const cases = [
    [
      { RCPT: '451 4.7.1 Greylisted, come back in 5 minutes\r\n' },
      'failed: resolve, connect, accepted later',
    ],
    [{ dot: '452 4.5.3 Daily limit\r\n' }, 'failed: resolve, connect, accepted later'],
    [{ greeting: '421 4.7.0 Try again later\r\n' }, 'failed: resolve, connect later'],
    [
      { MAIL: '550 5.7.60 not allowed to send as this sender\r\n' },
      'failed: resolve, connect, accepted sender-refused',
    ],
    [{ RCPT: '550 5.1.1 No such user\r\n' }, 'refused: resolve, connect, accepted recipient-refused'],
    [{ dot: '554 5.7.1 Looks like spam\r\n' }, 'refused: resolve, connect, accepted rejected'],
  ] as const;
  for (const [replies, expected] of cases) {
    await tells(converse(PLAIN(await scripted(t, replies)), LETTER), expected);
  }
});

test('a connection that ends after the letter was handed over leaves it open; before, it does not', {
  skip,
}, async (t) => {
  const after = await scripted(t, {}, (_say, close) => close());
  await tells(converse(PLAIN(after), LETTER), 'unsure: resolve, connect, accepted dropped');
  const never = await scripted(t, {}, () => {});
  await tells(converse(PLAIN(never), LETTER, IMPATIENT), 'unsure: resolve, connect, accepted timeout');
  const early = await rawServer(t, (say, line, socket) => {
    if (line === null) say('220 ready\r\n');
    else if (/^DATA/.test(line)) socket.destroy();
    else say('250 fine\r\n');
  });
  await tells(converse(PLAIN(early), LETTER), 'failed: resolve, connect, accepted dropped');
});

test('the access token goes out as XOAUTH2 alone, though the server offers passwords too', {
  skip,
}, async (t) => {
  const methods: string[] = [];
  const server = await good(t, {
    authMethods: ['PLAIN', 'LOGIN', 'XOAUTH2'],
    onAuth: (
      auth: { method: string; accessToken?: string; username: string },
      _s: unknown,
      done: (e: Error | null, r?: object) => void,
    ) => {
      methods.push(auth.method);
      if (auth.accessToken === 'token-1') done(null, { user: auth.username });
      else done(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } });
    },
  });
  const signIn = { with: 'access-token', user: 'nas@example.com', accessToken: 'token-1' } as const;
  await tells(
    converse(account(server.port, { signIn }), LETTER),
    'done: resolve, connect, tls, sign-in, accepted',
  );
  const refused = converse(account(server.port, { signIn: { ...signIn, accessToken: 'token-2' } }), LETTER);
  await tells(refused, 'failed: resolve, connect, tls, sign-in sign-in-refused');
  assert.deepEqual(methods, ['XOAUTH2', 'XOAUTH2']);
});

test('a sender or recipient cannot smuggle a command or a header', { skip }, async (t) => {
  const server = await good(t);
  const evil = 'alice@example.com>\r\nRCPT TO:<mallory@example.com';
  const journey = await converse(account(server.port), { ...LETTER, to: evil });
  assert.equal(journey.outcome === 'done', false);
  await converse(account(server.port), { ...LETTER, subject: 'Hi\r\nBcc: mallory@example.com' });
  for (const { to, raw } of server.letters) {
    assert.deepEqual(to, ['alice@example.com']);
    assert.doesNotMatch(raw.slice(0, raw.indexOf('\r\n\r\n')), /^Bcc:/m);
  }
});

test('the patience that ships is shorter than what a mail server may keep us', () => {
  assert.ok(PATIENCE.step < PATIENCE.whole && PATIENCE.whole <= 45_000);
});
