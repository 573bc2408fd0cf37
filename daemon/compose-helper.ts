// Owns the putting together of a helper: one role, behind its own socket, until nobody needs it any more.

import { join } from 'node:path';
import { createRunner, type Kill } from './accounts/child.ts';
import { userId } from './accounts/group-id.ts';
import { localTime } from './clock/local-time.ts';
import { systemClock, untouchedClock } from './clock/system-clock.ts';
import { mailHandlers, setClockHandlers, timeHandlers } from './helpers/handlers.ts';
import { whenIdle } from './helpers/idle.ts';
import { type Millis, SECOND, wallClock } from './kernel/instant.ts';
import { mailRole } from './mail/in-process.ts';
import { systemFetch } from './mail/outlook.ts';
import { elapsed } from './native/elapsed.ts';
import { setRealTimeClock, setSystemClock } from './native/set-time.ts';
import type { Places } from './places.ts';
import type { HelperSocket } from './sockets/activation.ts';
import { createApp, type SocketApp } from './sockets/app.ts';
import { listen } from './sockets/listen.ts';
import { type PeerRule, peerRule } from './sockets/peers.ts';
import type { LogSink } from './sockets/request-log.ts';
import { mailContract, setClockContract, timeContract } from './wire/helpers.ts';

export const HELPER_ROLES = ['time', 'mail', 'set-clock'] as const;
export type HelperRole = (typeof HELPER_ROLES)[number];

export interface HelperSetting {
  readonly places: Places;
  /** The process's own uid. */
  readonly uid: number;
  /** With --root: the caller's uid may speak, and the clock of the machine is left alone. */
  readonly ownPeers: boolean;
  /** The sockets that systemd passed. */
  readonly passed: ReadonlyMap<HelperSocket, number>;
  readonly kill: Kill;
  readonly log: LogSink;
}

/** Whose questions a helper answers. */
const CORE_USER = 'fygo-2fa';
/** The core checks the time again within seconds when it does not like what it got. */
const IDLE: Readonly<Record<HelperRole, Millis>> = {
  time: 30 * SECOND,
  mail: 30 * SECOND,
  'set-clock': 2 * SECOND,
};
/** How long an answer under way may take at the end: a letter that may have been taken is not cut off. */
const DRAIN: Readonly<Record<HelperRole, Millis>> = {
  time: 2 * SECOND,
  mail: 25 * SECOND,
  'set-clock': 2 * SECOND,
};
/** A mail server is slower than anything else, and a letter larger. */
const MAIL_LIMITS = { requestBytes: 512 * 1024, answerMs: 60 * SECOND };

export interface Helping {
  /** Resolves when nobody was connected for so long that the socket has been let go of. */
  readonly left: Promise<void>;
  /** Lets the answers under way end. */
  close(): Promise<void>;
}

/** Serves a role. Resolves when its socket accepts. @throws Fault `already-running`, `config-invalid` */
export async function serveHelper(role: HelperRole, setting: HelperSetting): Promise<Helping> {
  const { places, passed, log, uid, ownPeers, kill } = setting;
  const name: HelperSocket = `${role}.sock`;
  const core = ownPeers ? uid : await userId(CORE_USER, kill);
  const admits = peerRule({ uids: core === null ? [] : [core], gids: [] });
  const fd = passed.get(name);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= listening.close(DRAIN[role]);
    return closing;
  };
  const idle = whenIdle(IDLE[role], () => void close());
  const listening = await listen({
    name,
    app: appOf(role, setting, admits),
    where: fd === undefined ? { path: join(places.run, name), mode: 0o600 } : { fd },
    log,
    limits: role === 'mail' ? MAIL_LIMITS : {},
    counted: idle.counted,
  });
  return { left: idle.left, close };
}

function appOf(role: HelperRole, setting: HelperSetting, admits: PeerRule): SocketApp {
  const common = { name: `${role}.sock`, admits, log: setting.log, elapsed } as const;
  switch (role) {
    case 'time':
      return createApp({
        ...common,
        contract: timeContract,
        handlers: timeHandlers(localTime({ wall: wallClock, elapsed })),
      });
    case 'mail':
      return createApp({
        ...common,
        contract: mailContract,
        handlers: mailHandlers(mailRole(systemFetch)),
      });
    case 'set-clock':
      return createApp({
        ...common,
        contract: setClockContract,
        handlers: setClockHandlers(clockOf(setting)),
      });
  }
}

/** Only a helper of the system has a clock to set. */
function clockOf({ ownPeers, kill }: HelperSetting) {
  if (ownPeers) return untouchedClock();
  const run = createRunner({ concurrent: 1, timeout: 5 * SECOND, kill });
  return systemClock({ calls: { setSystemClock, setRealTimeClock }, elapsed, run, rtc: '/dev/rtc0' });
}
