// Owns the way from the words that were typed to a role; the only reader of process.*.

import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import manifest from '../package.json' with { type: 'json' };
import { checkAccounts } from './accounts/check.ts';
import { assets } from './assets.ts';
import { sayTo } from './cli/say.ts';
import { check as checkClock } from './clock/measure.ts';
import {
  closeState,
  makeParts,
  restoreBoard,
  rotateBoardKey,
  type Setting,
  serveJobs,
  serveSockets,
} from './compose.ts';
import { HELPER_ROLES, type HelperRole, serveHelper } from './compose-helper.ts';
import { readConfig } from './config.ts';
import { contents } from './contents.ts';
import { localView } from './doctor/local-view.ts';
import { Fault, type FaultCode } from './kernel/fault.ts';
import { wallClock } from './kernel/instant.ts';
import { systemRandom } from './kernel/random.ts';
import { datagramsTo } from './native/datagram.ts';
import { forbidDumps } from './native/dumps.ts';
import { takeLock } from './native/lock.ts';
import { keepLittleMemory, returnMemory } from './native/memory.ts';
import { placesOf } from './places.ts';
import { everyDay } from './service/daily.ts';
import { health } from './service/health.ts';
import { SpareMemory } from './service/spare-memory.ts';
import { HELPER_SOCKETS, passedSockets, SOCKET_NAMES } from './sockets/activation.ts';
import { JOURNAL, journalLog } from './sockets/journal-log.ts';
import type { LogSink } from './sockets/request-log.ts';
import { textLog } from './sockets/text-log.ts';
import { LastLogin } from './system/last-login.ts';
import { notifierTo } from './system/notifier.ts';
import { proveAlive } from './system/proof.ts';
import { statusLine } from './system/status-line.ts';
import { startWatch, watchEvery } from './system/watch.ts';

/** How long requests in flight may take after a signal to stop. */
const DRAIN = 2_000;

/** sysexits(3): EX_USAGE, and EX_CONFIG, after which systemd does not try again by itself. */
const EXITS: Partial<Record<FaultCode, number>> = { usage: 64, 'config-invalid': 78 };

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
  system: localView(process.kill.bind(process)),
  runtime: process.versions,
  packages: contents,
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
  const setting = await settingOf(root, logTo('fygo-2fa'));
  process.umask(0o077);
  becomeOwnerOf(dirname(setting.places.database));
  claim(setting);
  return setting;
}

/** What root makes anew in a state of the daemon's user (database, key, roster) would be root's, and the daemon could not open it. */
function becomeOwnerOf(folder: string): void {
  if (process.getuid?.() !== 0 || !existsSync(folder)) return;
  const { uid, gid } = statSync(folder);
  if (uid === 0) return;
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}

async function serve(argv: readonly string[]): Promise<number> {
  const { root, check, role } = serveFlags(argv);
  process.umask(0o077);
  forbidDumps();
  keepLittleMemory();
  if (role !== null) return help(role, root);
  const log = logTo('fygo-2fa');
  const setting = await settingOf(root, log);
  if (check) return checkOnly(setting);
  const stopped = stopSignal();
  claim(setting);
  const lastLogin = new LastLogin();
  const spare = new SpareMemory((thorough) => {
    parts.state.shrink();
    returnMemory(globalThis.gc, thorough);
  });
  const parts = makeParts(setting, (decision) => {
    lastLogin.decided(decision);
    spare.decided();
  });
  const sockets = await serveSockets(parts, setting);
  const stopDaily = everyDay(() => checkAccounts(parts));
  lastLogin.lookBack(parts);
  const notifier = notifierTo(process.env.NOTIFY_SOCKET);
  const line = () => statusLine(health(parts), lastLogin.ago(parts.clock.now()));
  notifier.ready(line());
  process.stdout.write('ready\n');
  const jobs = serveJobs(parts, setting, () => spare.stirred());
  const note = (severity: 'info' | 'warning', text: string) => log({ kind: 'note', severity, text });
  const stopWatch = startWatch({
    notifier,
    every: watchEvery(process.env, process.pid),
    proof: () => proveAlive(parts, join(setting.places.run, 'login.sock')),
    line,
    failed: () => note('warning', 'The watchdog was not fed: the daemon does not answer on its own socket.'),
  });
  const unreadable = () =>
    note('warning', 'config.toml is not valid any more: the next start fails. See fygo-2fa serve --check.');
  process.on('SIGHUP', async () => {
    notifier.reloading(Number(process.hrtime.bigint()) / 1e6);
    await Promise.all([checkClock(parts.timekeeping), readConfig(setting.places.config).catch(unreadable)]);
    notifier.ready(line());
  });
  const signal = await stopped;
  notifier.stopping(`stopping on ${signal}`);
  note('info', `stopping on ${signal}`);
  stopWatch();
  jobs.close();
  spare.close();
  stopDaily();
  await sockets.close(DRAIN);
  await closeState(parts);
  return 0;
}

/** Serves one of the helper roles, until nobody needs it or a signal says so. */
async function help(role: HelperRole, root: string | null): Promise<number> {
  const stopped = stopSignal();
  const helping = await serveHelper(role, {
    places: placesOf(root),
    uid: process.getuid?.() ?? 0,
    ownPeers: root !== null,
    passed: passedSockets(process.env, process.pid, HELPER_SOCKETS),
    kill: process.kill.bind(process),
    log: logTo(`fygo-2fa-${role}`),
  });
  const notifier = notifierTo(process.env.NOTIFY_SOCKET);
  notifier.ready('waiting for the core');
  process.stdout.write('ready\n');
  await Promise.race([stopped, helping.left]);
  notifier.stopping('leaving');
  await helping.close();
  return 0;
}

/** To the journal where it listens to this process (systemd.exec(5), JOURNAL_STREAM), otherwise as text. */
function logTo(identifier: string): LogSink {
  const text = textLog((line) => process.stderr.write(line));
  if (process.env.JOURNAL_STREAM === undefined) return text;
  return journalLog(datagramsTo(JOURNAL).send, identifier, text);
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

interface ServeFlags {
  readonly root: string | null;
  readonly check: boolean;
  /** `null` for the core. */
  readonly role: HelperRole | null;
}

function serveFlags(argv: readonly string[]): ServeFlags {
  try {
    const options = {
      root: { type: 'string' },
      check: { type: 'boolean' },
      role: { type: 'string' },
    } as const;
    const { values } = parseArgs({ args: [...argv], options, strict: true });
    const role = values.role === undefined ? null : HELPER_ROLES.find((one) => one === values.role);
    if (role === undefined) throw new Error(`--role is one of ${HELPER_ROLES.join(', ')}`);
    return { root: values.root ?? null, check: values.check === true, role };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'these words are not understood';
    throw new Fault('usage', message, 'See "fygo-2fa help serve".', error);
  }
}

async function settingOf(root: string | null, log: LogSink): Promise<Setting> {
  const places = placesOf(root);
  return {
    places,
    config: await readConfig(places.config),
    host: hostname(),
    version: manifest.version,
    uid: process.getuid?.() ?? 0,
    ownPeers: root !== null,
    helpers: root === null && process.env.NOTIFY_SOCKET !== undefined ? 'processes' : 'inside',
    mayCreate: true,
    passed: passedSockets(process.env, process.pid, SOCKET_NAMES),
    kill: process.kill.bind(process),
    log,
    pages: builtPages,
  };
}

function builtPages() {
  const text = assets.built('pages.json');
  return text === null ? null : JSON.parse(text);
}

function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });
}

async function main(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command !== 'serve' || rest.includes('--help') || rest.includes('-h')) {
    // Loaded when asked: the daemon has no use for it.
    const { run } = await import('./cli/index.ts');
    return run(argv, io);
  }
  try {
    return await serve(rest);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    sayTo(io).fault(error, false);
    return EXITS[error.code] ?? 1;
  }
}

// Not awaited: the executable holds this as a script, which has no top-level await.
main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
