// Owns the putting together: the only place that constructs things.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createCachedDirectory } from './accounts/cache.ts';
import { createRunner, type Kill } from './accounts/child.ts';
import type { Directory } from './accounts/directory.ts';
import { createFilesDirectory } from './accounts/files.ts';
import { groupId } from './accounts/group-id.ts';
import { createNssDirectory } from './accounts/nss.ts';
import { distrust, reconcile } from './accounts/reconcile.ts';
import { Roster } from './accounts/roster.ts';
import { openBackup } from './backup/file.ts';
import { newestOwnBackup, OwnBackups } from './backup/keep.ts';
import { restore } from './backup/restore.ts';
import { rotateKey } from './backup/rotate.ts';
import { CorrectedClock, RELEASED } from './clock/corrected.ts';
import { keepFloor } from './clock/keep-floor.ts';
import { localTime } from './clock/local-time.ts';
import type { SetClockRole, TimeRole } from './clock/roles.ts';
import { systemClock, untouchedClock } from './clock/system-clock.ts';
import { Timekeeping } from './clock/timekeeping.ts';
import type { Config } from './config.ts';
import { PendingEnrolments } from './enrolment/pending.ts';
import { remoteMail, remoteSetClock, remoteTime } from './helpers/remote.ts';
import { type Instant, instant, MINUTE, type Millis, SECOND, wallClock } from './kernel/instant.ts';
import { systemRandom } from './kernel/random.ts';
import { Logins } from './login/challenge.ts';
import { StepUps } from './login/step-ups.ts';
import { MailDesk } from './mail/desk.ts';
import { mailRole } from './mail/in-process.ts';
import { systemFetch } from './mail/outlook.ts';
import { PostOffice } from './mail/post-office.ts';
import { probe } from './mail/probe.ts';
import type { MailRole } from './mail/roles.ts';
import { elapsed } from './native/elapsed.ts';
import { setRealTimeClock, setSystemClock } from './native/set-time.ts';
import type { Places } from './places.ts';
import { type Jobs, startJobs } from './service/jobs.ts';
import type { Parts } from './service/parts.ts';
import { Refusals } from './service/refusals.ts';
import { type CoreSocket, SOCKET_NAMES } from './sockets/activation.ts';
import { adminHandlers } from './sockets/admin.ts';
import { createApp, createDoorApp, type SocketApp } from './sockets/app.ts';
import { type Listening, listen } from './sockets/listen.ts';
import { loginHandlers } from './sockets/login.ts';
import { pageServer, type ReadPages } from './sockets/pages.ts';
import { peerRule } from './sockets/peers.ts';
import type { LogSink } from './sockets/request-log.ts';
import { webHandlers } from './sockets/web.ts';
import { webGuard } from './sockets/web-guard.ts';
import type { AuditEntry } from './store/audit.ts';
import { isMounted } from './store/mounted.ts';
import { State, type StateOptions } from './store/state.ts';
import { backupsOf } from './store/swap.ts';
import { Debts } from './verification/debts.ts';
import { PAIR_SLOT, TRIPLE_SLOT, Turns } from './verification/turns.ts';
import { adminContract } from './wire/admin.ts';
import { loginContract } from './wire/login.ts';
import { webContract } from './wire/web.ts';

export interface Setting {
  readonly places: Places;
  readonly config: Config;
  readonly host: string;
  readonly version: string;
  /** The daemon's own uid. */
  readonly uid: number;
  /** With --root: the caller's uid may speak on every socket. */
  readonly ownPeers: boolean;
  /** Are the helpers processes of their own, behind their sockets? */
  readonly helpers: 'processes' | 'inside';
  /** May the state of a new board be made? */
  readonly mayCreate: boolean;
  /** Sockets that systemd passed. */
  readonly passed: ReadonlyMap<CoreSocket, number>;
  readonly kill: Kill;
  readonly log: LogSink;
  /** What scripts/build-pages made. */
  readonly pages: ReadPages;
}

/**
 * Makes every part that use-cases are given. Never fails on broken state: that is what the daemon reports.
 * @param decided told of each decision when it is on the medium
 */
export function makeParts(setting: Setting, decided: (decision: AuditEntry) => void = () => {}): Parts {
  const { config, host, version, log } = setting;
  const wall = { wall: wallClock, elapsed };
  // The floor lies in the state, and opening the state needs a clock: until then the release date is the floor.
  const floorOf = (): Instant => floor();
  const clock = new CorrectedClock(wall, () => floorOf());
  let floor = (): Instant => RELEASED;
  const now = () => clock.now();
  const state = new State({
    ...stateOptions(setting, now),
    lowest: () => clock.lowest(),
    decided: (decision) => {
      log({ kind: 'decision', actor: null, ...decision });
      decided(decision);
    },
  });
  floor = () => state.floor() ?? RELEASED;
  const timekeeping = new Timekeeping(clock, timeOf(setting), setClockOf(setting), config.clock.servers);
  const parts = {
    state,
    clock,
    timekeeping,
    random: systemRandom,
    directory: createCachedDirectory(directoryOf(setting), elapsed),
    logins: new Logins(config.limits.logins, systemRandom),
    pending: new PendingEnrolments(),
    ownPending: new PendingEnrolments(),
    stepUps: new StepUps(systemRandom),
    refusals: new Refusals(),
    turns: { pair: new Turns(PAIR_SLOT), triple: new Turns(TRIPLE_SLOT), searching: { busy: false } },
    debts: new Debts(),
    mail: new MailDesk(mailOf(setting)),
    config,
    host,
    version,
  };
  return { ...parts, outbox: new PostOffice(parts) };
}

/** What a board's state is opened with. @param now the time that judges what was spent */
function stateOptions({ places, config, mayCreate }: Setting, now: () => Instant): StateOptions {
  const roster = new Roster(places.roster);
  return {
    database: places.database,
    key: places.key,
    marker: places.marker,
    shadow: places.shadow,
    roster,
    auditRows: config.limits.auditRows,
    floor: RELEASED,
    random: systemRandom,
    elapsed,
    mayCreate,
    mounted: () => places.accounts !== null || mediumIsThere(dirname(places.database)),
    reconcile: (tables) => reconcile(tables, roster, now()),
    distrust: (tables) => distrust(tables, now(), 'decided-in-memory-and-lost'),
    ownBackup: (key) => newestOwnBackup(backupsOf(places.database), key, roster, now),
  };
}

/** Keeps the clock, the floor and the own backups from now on, and sends what waits; nothing waits for it. At the end one backup more. @param stirred told when the whole state was read */
export function serveJobs(parts: Parts, { places }: Setting, stirred: () => void): Jobs {
  parts.outbox.kick();
  const { timekeeping, random } = parts;
  const ownBackups = new OwnBackups(backupsOf(places.database));
  const keepBackup = () => ownBackups.keep(parts);
  const jobs = startJobs({
    timekeeping,
    random,
    keepFloor: () => keepFloor(parts),
    keepBackup: () => {
      keepBackup();
      stirred();
    },
    probeMail: () => probe(parts),
    tickEvery: MINUTE,
  });
  return {
    close() {
      jobs.close();
      keepBackup();
    },
  };
}

/** How long a letter that is being sent may take after a signal to stop. */
const LAST_POST: Millis = 3 * SECOND;

/** Lets go of the state; what is known of the time is kept. */
export async function closeState(parts: Parts): Promise<void> {
  await parts.outbox.close(LAST_POST);
  await keepFloor(parts);
  parts.state.close();
}

/** Serves every socket. Resolves when all of them accept. @throws Fault `already-running`, `config-invalid` */
export async function serveSockets(parts: Parts, setting: Setting): Promise<Listening> {
  const open: Listening[] = [];
  const close = async (drain: Millis) => {
    await Promise.all(open.map((one) => one.close(drain)));
  };
  try {
    for (const name of SOCKET_NAMES) open.push(await serveSocket(name, parts, setting));
  } catch (error) {
    await close(0);
    throw error;
  }
  return { close };
}

const GROUPS: Readonly<Record<CoreSocket, string | null>> = {
  'login.sock': 'fygo-login',
  'web.sock': 'fygo-web',
  'admin.sock': null,
};

async function serveSocket(name: CoreSocket, parts: Parts, setting: Setting): Promise<Listening> {
  const { places, passed, log, uid, ownPeers, config } = setting;
  const group = GROUPS[name];
  const gid = group === null || ownPeers ? null : await groupId(group, setting.kill);
  const admits = peerRule({ uids: ownPeers ? [uid] : [], gids: gid === null ? [] : [gid] });
  const fd = passed.get(name);
  const mode = group === null ? 0o600 : 0o660;
  const file = { path: join(places.run, name), mode, ...(gid === null ? {} : { gid }) };
  return listen({
    name,
    app: appOf(name, parts, admits, setting),
    where: fd === undefined ? file : { fd },
    log,
    limits: { connections: config.limits.connections },
  });
}

function appOf(
  name: CoreSocket,
  parts: Parts,
  admits: ReturnType<typeof peerRule>,
  { log, pages }: Setting,
): SocketApp {
  const common = { admits, log, elapsed };
  switch (name) {
    case 'login.sock':
      return createDoorApp({ ...common, name, contract: loginContract, handlers: loginHandlers(parts) });
    case 'web.sock':
      return createApp({
        ...common,
        name,
        contract: webContract,
        handlers: webHandlers(parts),
        guard: webGuard(parts),
        pages: pageServer(pages),
      });
    case 'admin.sock':
      return createApp({ ...common, name, contract: adminContract, handlers: adminHandlers(parts) });
  }
}

function timeOf({ places, helpers }: Setting): TimeRole {
  return helpers === 'processes'
    ? remoteTime(join(places.run, 'time.sock'))
    : localTime({ wall: wallClock, elapsed });
}

function mailOf({ places, helpers }: Setting): MailRole {
  return helpers === 'processes' ? remoteMail(join(places.run, 'mail.sock')) : mailRole(systemFetch);
}

/** Only a daemon of the system has a clock to set. */
function setClockOf({ places, helpers, kill }: Setting): SetClockRole {
  if (helpers === 'processes') return remoteSetClock(join(places.run, 'set-clock.sock'));
  if (places.accounts !== null) return untouchedClock();
  const run = createRunner({ concurrent: 1, timeout: 5 * SECOND, kill });
  return systemClock({ calls: { setSystemClock, setRealTimeClock }, elapsed, run, rtc: '/dev/rtc0' });
}

function directoryOf({ places, config, kill }: Setting): Directory {
  const { accounts } = places;
  const standIn = accounts !== null && ['passwd', 'group'].every((file) => existsSync(join(accounts, file)));
  return standIn
    ? createFilesDirectory(accounts)
    : createNssDirectory({ timeout: config.limits.directoryTimeout, kill });
}

function mediumIsThere(path: string): boolean {
  try {
    return isMounted(path, readFileSync('/etc/fstab', 'utf8'), readFileSync('/proc/self/mountinfo', 'utf8'));
  } catch {
    // Without an fstab nothing says that the folder should be a mount point.
    return true;
  }
}

/** Puts a backup in place of the state of a board whose daemon is stopped. @throws Fault */
export function restoreBoard(setting: Setting, file: Buffer, passphrase: string | null, dryRun: boolean) {
  const lock =
    passphrase === null ? ({ kind: 'open' } as const) : ({ kind: 'passphrase', passphrase } as const);
  // A clock that has lost the time must not put the moment before which nothing counts into the past.
  return restore(stateOptions(setting, notBeforeRelease), openBackup(file, lock), notBeforeRelease(), dryRun);
}

/** Gives a board whose daemon is stopped a new master key. @returns how many secrets were sealed anew @throws Fault */
export function rotateBoardKey(setting: Setting): number {
  return rotateKey(stateOptions(setting, notBeforeRelease));
}

function notBeforeRelease(): Instant {
  return instant(Math.max(wallClock(), RELEASED));
}
