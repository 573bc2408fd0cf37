// Owns the way from the words that were typed to a role; the only reader of process.*.

import { chmodSync, mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { checkAccounts } from './accounts/check.ts';
import { run } from './cli/index.ts';
import { sayTo } from './cli/say.ts';
import {
  closeState,
  makeParts,
  restoreBoard,
  rotateBoardKey,
  type Setting,
  serveJobs,
  serveSockets,
} from './compose.ts';
import { readConfig } from './config.ts';
import { Fault } from './kernel/fault.ts';
import { wallClock } from './kernel/instant.ts';
import { systemRandom } from './kernel/random.ts';
import { forbidDumps } from './native/dumps.ts';
import { takeLock } from './native/lock.ts';
import { placesOf } from './places.ts';
import { everyDay } from './service/daily.ts';
import { health } from './service/health.ts';
import { passedSockets } from './sockets/activation.ts';
import { textLog } from './sockets/text-log.ts';

/** How long requests in flight may take after a signal to stop. */
const DRAIN = 2_000;

const io = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  tty: {
    stdin: process.stdin.isTTY === true,
    stdout: process.stdout.isTTY === true,
    stderr: process.stderr.isTTY === true,
  },
  columns: process.stdout.columns,
  env: process.env,
  hostname: hostname(),
  version: manifest.version,
  now: wallClock,
  random: systemRandom,
  offline: {
    restore: async (root: string | null, file: Buffer, passphrase: string | null, dryRun: boolean) =>
      restoreBoard(await stopped(root), file, passphrase, dryRun),
    rotateKey: async (root: string | null) => rotateBoardKey(await stopped(root)),
  },
};

/** The setting of a board that no daemon has, and that none can take while this process lives. */
async function stopped(root: string | null): Promise<Setting> {
  const setting = await settingOf(root);
  process.umask(0o077);
  claim(setting);
  return setting;
}

async function serve(argv: readonly string[]): Promise<number> {
  const { root, check } = serveFlags(argv);
  const setting = await settingOf(root);
  process.umask(0o077);
  forbidDumps();
  if (check) return checkOnly(setting);
  const stopped = stopSignal();
  claim(setting);
  const parts = makeParts(setting);
  const sockets = await serveSockets(parts, setting);
  const stopDaily = everyDay(() => checkAccounts(parts));
  process.stdout.write('ready\n');
  const jobs = serveJobs(parts, setting);
  const signal = await stopped;
  process.stderr.write(`stopping on ${signal}\n`);
  jobs.close();
  stopDaily();
  await sockets.close(DRAIN);
  await closeState(parts);
  return 0;
}

/** One daemon a board: a second would make or open the same state. @throws Fault `already-running` */
function claim({ places }: Setting): void {
  // Whatever the umask: members of the sockets' groups have to pass through.
  if (mkdirSync(places.run, { recursive: true }) !== undefined) chmodSync(places.run, 0o755);
  if (takeLock(join(places.run, 'lock'))) return;
  throw new Fault(
    'already-running',
    `Another fygo-2fa serves ${places.run} already, so this one does not start.`,
    'Stop the other one first (systemctl stop fygo-2fa.socket fygo-2fa), or give this one another --root.',
  );
}

/** Opens everything as a start would, says what it finds, and serves nothing. */
function checkOnly(setting: Setting): number {
  const parts = makeParts({ ...setting, mayCreate: false });
  const { state, line, warnings } = health(parts);
  process.stdout.write(`${state}: ${line}\n`);
  for (const { text, hint } of warnings) process.stdout.write(`- ${text}\n  ${hint}\n`);
  parts.state.close();
  return state === 'down' ? 2 : 0;
}

function serveFlags(argv: readonly string[]): { root: string | null; check: boolean } {
  try {
    const options = { root: { type: 'string' }, check: { type: 'boolean' } } as const;
    const { values } = parseArgs({ args: [...argv], options, strict: true });
    return { root: values.root ?? null, check: values.check === true };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'these words are not understood';
    throw new Fault('usage', message, 'See "fygo-2fa help serve".', error);
  }
}

async function settingOf(root: string | null): Promise<Setting> {
  const places = placesOf(root);
  return {
    places,
    config: await readConfig(places.config),
    host: hostname(),
    version: manifest.version,
    uid: process.getuid?.() ?? 0,
    ownPeers: root !== null,
    mayCreate: true,
    passed: passedSockets(process.env, process.pid),
    kill: process.kill.bind(process),
    log: textLog((text) => process.stderr.write(text)),
  };
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command !== 'serve' || rest.includes('--help') || rest.includes('-h')) return run(argv, io);
  try {
    return await serve(rest);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    sayTo(io).fault(error, false);
    return error.code === 'usage' ? 64 : 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
