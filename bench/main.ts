// Owns `npm run bench`: every figure of one run on one file system, side by side with the peers and the floors.

import { mkdirSync, rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import {
  endTimeServers,
  makeState,
  memoryOf,
  seededUsers,
  shuffled,
  startDaemon,
  WARM_UP,
  warmUp,
} from './board.ts';
import { logInAll, type Timing } from './client.ts';
import { bytesALogin } from './device.ts';
import { type Figure, figure, percentile, say, short } from './figures.ts';
import { floods } from './flood.ts';
import { bareCommit, bareFlush } from './floors.ts';
import { build, PEERS, type Peer, prepare } from './peers.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    runs: { type: 'string', default: '5' },
    folder: { type: 'string', default: '.dev/bench' },
  },
});
const runs = values.quick ? 1 : Number(values.runs);
const { folder } = values;
const built = `${folder}/built`;
const SIZES = values.quick ? [100] : [100, 1_000, 10_000];
const CLIENTS = [1, 16, 64];

const figures: Record<string, Figure> = {};

function keep(name: string, samples: readonly number[]): Figure {
  const kept = figure(samples);
  figures[name] = kept;
  process.stderr.write(`${name.padEnd(58)} ${say(kept)}\n`);
  return kept;
}

async function pamLogins(peer: Peer, size: number): Promise<void> {
  const p50: number[] = [];
  const p99: number[] = [];
  const rate: number[] = [];
  for (let run = 0; run < runs; run++) {
    const users = seededUsers(size);
    const ready = await prepare(peer, users, `${folder}/pam`, built);
    try {
      const times = await ready.logIn(shuffled(users).slice(0, 1_000));
      p50.push(percentile(times, 0.5) / 1_000);
      p99.push(percentile(times, 0.99) / 1_000);
      rate.push(1e6 / (times.reduce((sum, time) => sum + time, 0) / times.length));
    } finally {
      await ready.stop();
    }
  }
  keep(`PAM login, ${peer}, ${size} users: p50 ms`, p50);
  keep(`PAM login, ${peer}, ${size} users: p99 ms`, p99);
  keep(`PAM login, ${peer}, ${size} users: per second`, rate);
}

async function socketAnswers(): Promise<void> {
  const flush: number[] = [];
  const commit: number[] = [];
  const first: number[] = [];
  const answer: number[] = [];
  const p50 = (timings: readonly Timing[]) =>
    percentile(
      timings.map((timing) => timing.answer),
      0.5,
    );
  for (let run = 0; run < runs; run++) {
    flush.push(bareFlush(folder));
    commit.push(bareCommit(folder));
    const { cold, timings } = await loggedIn(1_000, 1);
    first.push(p50(cold));
    answer.push(p50(timings));
  }
  keep('bare fdatasync of 4 KiB: p50 ms', flush);
  keep('bare commit: p50 ms', commit);
  keep('an answer on the socket, the first 100 after a start: p50 ms', first);
  keep('an answer on the socket: p50 ms', answer);
}

async function loggedIn(count: number, clients: number) {
  const users = seededUsers(count);
  const early = seededUsers(100, 'early');
  const warming = seededUsers(WARM_UP, 'warm');
  await makeState(`${folder}/root`, [...users, ...early, ...warming]);
  const daemon = await startDaemon(`${folder}/root`);
  try {
    const { timings: cold } = await logInAll(daemon.login, early, 1);
    await warmUp(daemon, warming);
    return { cold, ...(await logInAll(daemon.login, users, clients)) };
  } finally {
    await daemon.stop();
  }
}

async function completeLogins(clients: number): Promise<void> {
  const rate: number[] = [];
  const p99: number[] = [];
  for (let run = 0; run < runs; run++) {
    const count = clients === 1 ? 1_000 : 4_000;
    const { seconds, timings } = await loggedIn(count, clients);
    rate.push(count / seconds);
    p99.push(
      percentile(
        timings.map(({ begin, answer }) => begin + answer),
        0.99,
      ),
    );
  }
  keep(`complete logins, ${clients} clients: per second`, rate);
  keep(`complete logins, ${clients} clients: p99 ms`, p99);
}

async function deviceBytes(): Promise<void> {
  for (const [name, gap, count] of [
    ['back to back', 0, 300],
    ['one every 7 s', 7_000, 6],
  ] as const) {
    for (const peer of ['fygo-2fa', 'google-authenticator'] as const) {
      const bytes: number[] = [];
      for (let run = 0; run < (gap === 0 ? runs : 1); run++) {
        bytes.push(await bytesALogin(peer, seededUsers(count), gap, folder, built));
      }
      keep(`bytes to the device a login, ${peer}, ${name}`, bytes);
    }
  }
}

async function memory(): Promise<void> {
  const users = seededUsers(10_000);
  await makeState(`${folder}/root`, users);
  const daemon = await startDaemon(`${folder}/root`);
  try {
    keep('anonymous memory at start: MiB', [memoryOf(daemon.pid, 'Anonymous')]);
    await logInAll(daemon.login, users, 16);
    keep('anonymous memory after 10,000 logins: MiB', [memoryOf(daemon.pid, 'Anonymous')]);
  } finally {
    await daemon.stop();
  }
}

async function flooded(): Promise<void> {
  for await (const { name, took, memory: after, rate } of floods(`${folder}/root`)) {
    keep(`login amid ${name}: p50 ms`, [percentile(took, 0.5)]);
    keep(`login amid ${name}: p99 ms`, [percentile(took, 0.99)]);
    keep(`anonymous memory amid ${name}: MiB`, [after]);
    if (rate.connects > 0) keep(`${name}: connections a second`, [rate.connects]);
    if (rate.replies > 0) keep(`${name}: replies a second`, [rate.replies]);
  }
}

function ratio(name: string, a: string, b: string): [string, number] {
  return [name, (figures[a]?.median ?? Number.NaN) / (figures[b]?.median ?? Number.NaN)];
}

function ratios(): Record<string, number> {
  const p50 = (peer: Peer, size: number) => `PAM login, ${peer}, ${size} users: p50 ms`;
  const google = 'PAM login, google-authenticator, 1000 users: per second';
  return Object.fromEntries([
    ratio(
      'PAM p50 of google-authenticator’s at 1,000 users',
      p50('fygo-2fa', 1_000),
      p50('google-authenticator', 1_000),
    ),
    ratio('PAM p50 of oath’s at 10,000 users', p50('fygo-2fa', 10_000), p50('oath', 10_000)),
    ratio('PAM p50 at 10,000 users of that at 100', p50('fygo-2fa', 10_000), p50('fygo-2fa', 100)),
    ratio(
      'bytes of google-authenticator’s, back to back',
      'bytes to the device a login, fygo-2fa, back to back',
      'bytes to the device a login, google-authenticator, back to back',
    ),
    ratio(
      'logins with 64 clients of google-authenticator’s rate',
      'complete logins, 64 clients: per second',
      google,
    ),
    ...['5,000 × idle', '5,000 × half', '32 × answers'].map((flood) =>
      ratio(
        `login p99 amid ${flood} of that without a flood`,
        `login amid ${flood}, as another user: p99 ms`,
        'login amid no flood: p99 ms',
      ),
    ),
    ratio('an answer of the bare commit', 'an answer on the socket: p50 ms', 'bare commit: p50 ms'),
  ]);
}

mkdirSync(folder, { recursive: true });
build(built);
for (const size of SIZES) for (const peer of PEERS) await pamLogins(peer, size);
await socketAnswers();
for (const clients of CLIENTS) await completeLogins(clients);
if (process.getuid?.() === 0) {
  await deviceBytes();
  await flooded();
} else
  process.stderr.write(
    'bytes to the device and floods: left out, a loop device and another user need root\n',
  );
await memory();
rmSync(folder, { recursive: true, force: true });
endTimeServers();

const machine = {
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: totalmem() / 2 ** 30,
  runs,
};
if (values.json) process.stdout.write(`${JSON.stringify({ machine, figures, ratios: ratios() }, null, 2)}\n`);
else {
  process.stdout.write(`\n${machine.cpu}, ${machine.cores} cores; median of ${runs} runs (least–most)\n\n`);
  for (const [name, value] of Object.entries(ratios()))
    process.stdout.write(`${name.padEnd(58)} ${short(value)}\n`);
}
