// Owns `npm run bench:executable`: memory, start and size of the executable beside a bare Node of the same version.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { FLAGS } from '../packaging/flags.ts';
import { makeState, memoryOf, seededUsers, startDaemon } from './board.ts';
import { logInAll } from './client.ts';
import { figure, percentile, say } from './figures.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '15' }, idle: { type: 'string', default: '60' } },
});
const PROGRAM = 'dist/fygo-2fa-linux-x64';
const NODE = '.dev/build/x64/node';
const FOLDER = '.dev/bench-executable';
const LOGINS = 10_000;
/** Seconds after which the daemon has found out that the burst is over (daemon/service/spare-memory.ts). */
const RESTED = 10;

const print = (name: string, text: string) => process.stdout.write(`${name.padEnd(58)} ${text}\n`);

/** Milliseconds until a program says "ready", or ends. */
async function untilReady(command: string, words: readonly string[]): Promise<number> {
  const began = performance.now();
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit');
  for await (const part of child.stdout) if (String(part).includes('ready')) break;
  const took = performance.now() - began;
  child.kill('SIGTERM');
  await ended;
  return took;
}

async function starts(): Promise<void> {
  const bare: number[] = [];
  const ours: number[] = [];
  const root = `${FOLDER}/start`;
  await makeState(root, seededUsers(10));
  // In turn, so that whatever else the machine does meets both.
  for (let run = 0; run < Number(values.runs); run++) {
    bare.push(await untilReady(NODE, [...FLAGS, '-e', '0']));
    ours.push(await untilReady(PROGRAM, ['serve', '--root', root]));
  }
  print('node -e 0 with the same flags: ms', say(figure(bare)));
  print('start to ready: ms', say(figure(ours)));
  print(
    'start to ready of node -e 0 (at most 5)',
    (percentile(ours, 0.5) / percentile(bare, 0.5)).toFixed(2),
  );
}

async function memory(): Promise<void> {
  const bare = spawn(NODE, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  const users = seededUsers(LOGINS);
  await makeState(`${FOLDER}/root`, users);
  const daemon = await startDaemon(`${FOLDER}/root`, PROGRAM);
  try {
    await pause(Number(values.idle) * 1000);
    const [empty, idle] = [bare.pid ?? 0, daemon.pid].map((pid) => memoryOf(pid, 'Private_Dirty'));
    await logInAll(daemon.login, users, 16);
    const used = memoryOf(daemon.pid, 'Private_Dirty');
    await pause(RESTED * 1000);
    const rested = memoryOf(daemon.pid, 'Private_Dirty');
    print('private dirty memory of a bare node: MiB', (empty ?? 0).toFixed(1));
    print('private dirty memory, idle: MiB', (idle ?? 0).toFixed(1));
    print(`private dirty memory right after ${LOGINS} logins: MiB`, used.toFixed(1));
    print(`the same ${RESTED} s later: MiB`, rested.toFixed(1));
    print('idle, of a bare node’s (at most 2.0)', ((idle ?? 0) / (empty ?? 1)).toFixed(2));
    print(`right after ${LOGINS} logins, of idle`, (used / (idle ?? 1)).toFixed(2));
    print(`the same ${RESTED} s later (at most 1.4)`, (rested / (idle ?? 1)).toFixed(2));
  } finally {
    bare.kill();
    await daemon.stop();
  }
}

function sizes(): void {
  print(
    'executable of its stripped node (at most 1.10)',
    (statSync(PROGRAM).size / statSync(NODE).size).toFixed(3),
  );
  for (const name of readdirSync('dist').filter((file) => file.endsWith('.deb')))
    print(`${name}: MB (at most 32)`, (statSync(`dist/${name}`).size / 1e6).toFixed(1));
}

rmSync(FOLDER, { recursive: true, force: true });
// What was just built lies dirty in the page cache, which would count as the process's.
execFileSync('sync');
sizes();
await starts();
await memory();
rmSync(FOLDER, { recursive: true, force: true });
