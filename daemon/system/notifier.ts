// Owns what systemd is told of this process (sd_notify(3)), and who tells where there is no systemd.

import type { Millis } from '../kernel/instant.ts';
import { type Datagrams, datagramsTo } from '../native/datagram.ts';

/** Tells systemd. Telling never fails: a daemon that serves is worth more than a manager that knows. */
export interface Notifier {
  /** Everything is served. */
  ready(line: string): void;
  /** @param now of CLOCK_MONOTONIC */
  reloading(now: Millis): void;
  stopping(line: string): void;
  /** The line of `systemctl status`. */
  status(line: string): void;
  /** The daemon is alive. */
  feed(): void;
}

/** @param path the variable NOTIFY_SOCKET, `undefined` where nobody wants to be told */
export function notifierTo(path: string | undefined): Notifier {
  if (path === undefined || path === '') return silent;
  const datagrams = datagramsTo(path);
  return notifierOver(datagrams);
}

function notifierOver(datagrams: Datagrams): Notifier {
  const tell = (...assignments: readonly string[]) => {
    datagrams.send(Buffer.from(assignments.join('\n')));
  };
  return {
    ready: (line) => tell('READY=1', status(line)),
    reloading: (now) => tell('RELOADING=1', `MONOTONIC_USEC=${Math.round(now * 1e3)}`),
    stopping: (line) => tell('STOPPING=1', status(line)),
    status: (line) => tell(status(line)),
    feed: () => tell('WATCHDOG=1'),
  };
}

/** One assignment is one line, whatever is in it. */
function status(line: string): string {
  return `STATUS=${line.replace(/\p{Cc}+/gu, ' ')}`;
}

const silent: Notifier = {
  ready: () => {},
  reloading: () => {},
  stopping: () => {},
  status: () => {},
  feed: () => {},
};
