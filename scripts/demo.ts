// Owns the demonstration: alice and bob, the daemon below .dev, the preview in a browser, and what to do next.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { generateSync } from 'otplib';
import { groupsOfFour } from '../daemon/enrolment/otpauth.ts';
import { qrAnsi, qrText } from '../daemon/enrolment/qr.ts';
import { openPreview, type Preview } from './preview/open.ts';

/** Another folder may be named: `npm start -- FOLDER`. */
const ROOT = process.argv[2] ?? '.dev';
const PROGRAM = 'scripts/fygo-2fa';
const KEPT = `${ROOT}/alice.json`;

interface Alice {
  readonly account: string;
  readonly secret: string;
  readonly uri: string;
  readonly recoveryCodes: readonly string[];
}

/** Demonstration users: these files stand in for the system's, below --root only. */
function makeUsers(): void {
  mkdirSync(`${ROOT}/etc`, { recursive: true });
  const files = {
    passwd: 'alice:x:1000:1000:Alice:/home/alice:/bin/sh\nbob:x:1001:1001:Bob:/home/bob:/bin/sh\n',
    group: 'administrators:x:900:alice\nalice:x:1000:\nbob:x:1001:\n',
  };
  for (const [name, text] of Object.entries(files)) {
    if (!existsSync(`${ROOT}/etc/${name}`)) writeFileSync(`${ROOT}/etc/${name}`, text);
  }
}

function cli(...words: string[]): ChildProcess {
  return spawn(PROGRAM, [...words, '--root', ROOT, '--json'], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function ask(...words: string[]): Promise<Record<string, unknown>> {
  const child = cli(...words);
  child.stdin?.end();
  let text = '';
  for await (const part of child.stdout ?? []) text += String(part);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Enrols alice with the code before the present one, so that the one her phone shows now is still good. */
async function enrolAlice(): Promise<Alice> {
  const child = cli('user', 'enrol', 'alice');
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await lines.next()).value)) as Record<string, unknown>;
  const { account, secret, uri } = (await next()) as unknown as Alice;
  const epoch = Math.floor(Date.now() / 1000) - 30;
  child.stdin?.end(`${generateSync({ secret, epoch })}\n`);
  const { recoveryCodes } = (await next()) as unknown as Alice;
  const alice = { account, secret, uri, recoveryCodes };
  writeFileSync(KEPT, JSON.stringify(alice), { mode: 0o600 });
  chmodSync(KEPT, 0o600);
  return alice;
}

async function alice(): Promise<Alice> {
  const { state } = await ask('user', 'show', 'alice');
  if (state === 'enrolled' && existsSync(KEPT)) return JSON.parse(readFileSync(KEPT, 'utf8')) as Alice;
  if (state !== 'not-enrolled') {
    await ask('user', 'reset', 'alice', '--delete', '--yes', '--reason', 'demonstration');
  }
  return enrolAlice();
}

async function explain({ account, secret, uri, recoveryCodes }: Alice, preview: Preview): Promise<void> {
  const qr = process.stdout.isTTY ? await qrAnsi(uri) : await qrText(uri);
  const call = (path: string, data: string) =>
    `curl -s --unix-socket ${ROOT}/run/login.sock http://nas/v1/login/${path} \\
    -H 'Content-Type: application/json' \\
    -d '${data}'`;
  process.stdout.write(`
fygo-2fa runs below ${ROOT}: a demonstration, without root and without the
system's users. alice is an administrator who uses two-factor; bob is a
standard user who does not.

In a browser: ${preview.address}
   alice (password alice) and bob (password bob); a phone and a mailbox are there.
   A preview, on this computer only: it plays the part of FygoOS.

1. Put alice on your phone: scan this with any authenticator app

${qr}
   or type it in:  account  ${account}
                   key      ${groupsOfFour(secret)}
   No phone at hand?        oathtool --totp -b ${secret}

2. Log her in, in another terminal, in the folder of this project:

{ LOGIN=$(${call('begin', '{"user":"alice","service":"web"}')} \\
    | sed 's/.*"login":"\\([^"]*\\)".*/\\1/')
printf 'code: '; read -r CODE
${call('answer', `{"login":"'$LOGIN'","user":"alice","method":"totp","code":"'$CODE'"}`).replace('-s', '-is')}; }

   200 and "accepted": she is in. Any other status: she is not.
   The same code again is refused (used-code). Lost the phone? The same call
   with "method":"recovery-code" and ${recoveryCodes[0] ?? ''} works once.

3. Look at it, and make it mandatory:

${PROGRAM} status --root ${ROOT}
${PROGRAM} user list --root ${ROOT}
${PROGRAM} audit --root ${ROOT}
${PROGRAM} policy set --scope all --grace 0 --root ${ROOT}

4. Stop: Ctrl-C. Start over: rm -r ${ROOT}/var ${ROOT}/etc

`);
}

/** Resolves at the daemon's "ready"; its output goes on to ours. */
function ready(daemon: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    daemon.once('exit', () => reject(new Error('the daemon did not start; what it said is above')));
    daemon.stdout?.on('data', (part: Buffer) => {
      process.stdout.write(part);
      if (part.includes('ready')) resolve();
    });
  });
}

makeUsers();
// A session of its own: the terminal would send it Ctrl-C too, and the second signal would end it in the middle of its stop.
const daemon = spawn(PROGRAM, ['serve', '--root', ROOT], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
const ended = once(daemon, 'exit');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => daemon.kill('SIGTERM'));
}
let preview: Preview | undefined;
try {
  await ready(daemon);
  const enrolled = await alice();
  preview = await openPreview(`${ROOT}/run`, [
    { name: 'alice', password: 'alice', administrator: true },
    { name: 'bob', password: 'bob', administrator: false },
  ]);
  preview.gateway.phone.add(enrolled);
  await explain(enrolled, preview);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : 'the demonstration failed'}\n`);
  daemon.kill('SIGTERM');
  process.exitCode = 1;
}
const [code] = (await ended) as [number | null];
await preview?.close();
process.exitCode ||= code ?? 1;
