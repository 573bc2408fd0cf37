// Owns the scenarios of mail: set up and tested from the command line, through a real server, with crashes and bad ones.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Certificates, lackingOpenssl, makeCertificates } from '../mail/certificates.ts';
import { exim, lackingExim, PASSWORD, USER } from '../mail/exim.ts';
import { mailServer, rawServer } from '../mail/mail-server.ts';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';

const skip = lacking() || lackingOpenssl;
const FROM = ['--from', USER];

interface Step {
  readonly step: string;
  readonly ok: boolean;
  readonly text: string;
  readonly hint: string | null;
}

function certificatesOf(t: { after(work: () => void): void }): Certificates {
  const made = makeCertificates();
  t.after(made.remove);
  return made;
}

const set = (bench: Bench, words: readonly string[], password?: string) =>
  bench.cli(
    [
      'mail',
      'set',
      '--provider',
      'smtp',
      ...FROM,
      '--host',
      'localhost',
      ...words,
      ...(password ? ['--password'] : []),
    ],
    () => `${password}\n`,
  );

/** The steps of a test letter, told as `step` or `step!`. */
async function tested(bench: Bench, address = 'alice@example.com'): Promise<[number | null, string, Step[]]> {
  const { code, out } = await bench.cli(['mail', 'test', address, '--json']);
  const { steps = [] } = JSON.parse(out) as { steps?: Step[] };
  return [code, steps.map(({ step, ok }) => `${step}${ok ? '' : '!'}`).join(' '), steps];
}

const codeIn = (letter: string) =>
  /\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.exec(letter)?.[0] ?? assert.fail(letter);

test('from nothing to a login with a code out of the mailbox, through a server with TLS, STARTTLS and a password', {
  skip: skip || lackingExim,
}, async (t) => {
  const certificates = certificatesOf(t);
  const server = await exim(t, certificates);
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  const off = await bench.cli(['mail', 'show']);
  assert.match(off.out, /No mail server is set up/);

  const ca = ['--ca-file', certificates.caFile];
  const wrong = await set(bench, ['--port', String(server.port), '--user', USER, ...ca], 'wrong password');
  assert.equal(wrong.code, 0, wrong.err);
  const [failed, told, steps] = await tested(bench);
  assert.deepEqual([failed, told], [1, 'resolve connect tls sign-in!']);
  assert.match(steps.at(-1)?.text ?? '', /It says: 535 Incorrect authentication data/);
  assert.ok((await bench.troubles()).includes('mail-not-working'));

  for (const [port, security] of [
    [server.port, 'starttls'],
    [server.tlsPort, 'tls'],
  ] as const) {
    await set(bench, ['--port', String(port), '--security', security, '--user', USER, ...ca], PASSWORD);
    const [code, well] = await tested(bench);
    assert.deepEqual([code, well], [0, 'resolve connect tls sign-in accepted'], security);
  }
  await server.arrived(2);
  assert.deepEqual(await bench.troubles(), []);

  const asked = await bench.asRoot('PUT /v1/users/alice/security-email', { address: 'alice@example.com' });
  says(asked, 202, { state: 'sent' });
  await server.arrived(3);
  const confirm = { code: codeIn(server.letters().find((one) => /Subject: Confirm/.test(one)) ?? '') };
  says(await bench.asRoot('POST /v1/users/alice/security-email/confirm', confirm), 200);
  bench.pass(61);
  const login = await bench.challenged('alice', { remoteAddress: '192.0.2.7' });
  const before = server.letters().length;
  const began = performance.now();
  says(await bench.login('emergency-mail', { login, user: 'alice' }), 202, { state: 'sent' });
  while (!server.letters().some((letter) => /Subject: Emergency/.test(letter)))
    await server.arrived(Math.max(before, server.letters().length) + 1);
  assert.ok(performance.now() - began < 5_000, 'within five seconds');
  const letter = server.letters().find((one) => /Subject: Emergency/.test(one)) ?? '';
  assert.match(letter, /192\.0\.2\.7/);
  const answer = { login, user: 'alice', method: 'emergency-code', code: codeIn(letter) };
  says(await bench.login('answer', answer), 200, { outcome: 'accepted' });
  says(await bench.login('answer', answer), 403, { because: 'used-code' });
  for (const secret of [PASSWORD, 'wrong password', codeIn(letter)])
    assert.ok(!bench.printed.includes(secret), 'nothing of it is in the log');
});

test('with a clock that nobody confirms an expired certificate says so', { skip }, async (t) => {
  const certificates = certificatesOf(t);
  const server = await mailServer(t, certificates.expired);
  const bench = await Bench.started(t);
  await set(bench, ['--port', String(server.port), '--ca-file', certificates.caFile]);
  const [code, told, steps] = await tested(bench);
  assert.deepEqual([code, told], [1, 'resolve connect tls!']);
  assert.match(steps.at(-1)?.text ?? '', /cannot be judged, because the clock/);
  assert.match(steps.at(-1)?.hint ?? '', /clock set/);
  const { body } = await bench.asRoot('GET /v1/status');
  assert.ok(body.warnings?.some((warning) => warning.code === 'mail-needs-clock'));
});

test('a power cut while the server has the letter: it is resent once with its Message-ID, and never again', {
  skip,
}, async (t) => {
  const ids: string[] = [];
  let tell = () => {};
  let mute = true;
  const port = await rawServer(t, (say, line, socket) => {
    const id = /^Message-ID: (.*)$/i.exec(line ?? '')?.[1];
    if (id) ids.push(id);
    if (line === null) say('220 ready\r\n');
    else if (line === 'DATA') say('354 go on\r\n');
    else if (line === '.') {
      if (!mute) say('250 taken\r\n');
      tell();
    } else if (line === 'QUIT') socket.end('221 bye\r\n');
    else if (/^(EHLO|HELO|MAIL|RCPT)/.test(line)) say('250 fine\r\n');
  });
  const handed = () => new Promise<void>((resolve) => (tell = () => resolve()));
  const bench = await Bench.started(t);
  await bench.enrolled('alice');
  await set(bench, ['--port', String(port), '--security', 'plain']);
  const first = handed();
  const asked = bench.asRoot('PUT /v1/users/alice/security-email', { address: 'alice@example.com' });
  const lost = assert.rejects(asked);
  await first;
  await bench.kill();
  await lost;
  const second = handed();
  await bench.start();
  await second;
  await bench.kill();
  mute = false;
  await bench.start();
  // What comes behind it in the queue has gone out by then.
  says(await bench.asRoot('POST /v1/mail/test', { address: 'alice@example.com' }), 200, { ok: true });
  says(await bench.asRoot('GET /v1/mail'), 200, { queued: 0 });
  assert.deepEqual([ids.length, new Set(ids).size, ids[0] === ids[1]], [3, 2, true]);
});

test('bad input: nothing of it is taken, nothing hangs', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const etag = { 'If-Match': '"1"' };
  const good = { provider: 'smtp', from: USER, host: 'localhost', port: 9, security: 'plain' };
  const put = (change: object) => bench.asRoot('PUT /v1/mail', { ...good, ...change }, etag);
  for (const change of [
    { from: 'a@example.com\r\nBcc: b@example.com' },
    { host: 'mail.example\r\nRCPT TO:<b@example.com>' },
    { host: 'a b' },
    { port: 0 },
    { port: 65_536 },
    { user: 'nas\0' },
    { password: 'x\ny' },
    { caFile: 'relative.pem' },
    { provider: 'yahoo' },
    { surprise: true },
  ])
    says(await put(change), 400, { code: 'malformed-request' });
  for (const from of ['🦊@example.com', `${'a'.repeat(290)}@example.com`, 'nobody', 'a@b@c'])
    says(await put({ from }), 409, { code: 'mail-setting-refused' });
  says(await bench.asRoot('PUT /v1/mail', good), 412, { code: 'mail-changed' });
  says(await put({}), 200);
  for (const address of ['alice', 'a@example.com, b@example.com', 'a@example.com>', '"x"@example.com'])
    says(await bench.asRoot('POST /v1/mail/test', { address }), 400, { code: 'malformed-address' });
  const [code, told] = await tested(bench);
  assert.deepEqual([code, told], [1, 'resolve connect!'], 'a wrong port');
});
