// Owns the daemon's lines in the journal: its native protocol, with fields that can be searched and a priority.

import type { Sent } from '../native/datagram.ts';
import type { LogLine, LogSink } from './request-log.ts';
import { textOf } from './text-log.ts';

/** Where journald listens. */
export const JOURNAL = '/run/systemd/journal/socket';

/** syslog(3) */
const PRIORITY = { error: 3, warning: 4, notice: 5, info: 6, debug: 7 } as const;

type Field = string | number | null | undefined;

/**
 * Turns log lines into entries of the journal. One that journald does not take goes to `otherwise`.
 * @param identifier what `journalctl -t` finds them by
 */
export function journalLog(send: (entry: Buffer) => Sent, identifier: string, otherwise: LogSink): LogSink {
  return (line) => {
    if (isQuiet(line)) return;
    const entry = entryOf({
      MESSAGE: textOf(line),
      PRIORITY: priorityOf(line),
      SYSLOG_IDENTIFIER: identifier,
      ...fieldsOf(line),
    });
    if (send(entry) !== 'sent') otherwise(line);
  };
}

/** The watchdog asks for the health every few seconds: written down, an idle daemon would wear its medium. */
function isQuiet(line: LogLine): boolean {
  return line.kind === 'request' && line.operation === 'health' && line.status === 204;
}

function priorityOf(line: LogLine): number {
  switch (line.kind) {
    case 'request':
      return PRIORITY.debug;
    case 'drop':
      return PRIORITY.notice;
    case 'failure':
      return PRIORITY.error;
    case 'decision':
      return line.outcome === 'refused' || line.outcome === 'deny' ? PRIORITY.notice : PRIORITY.info;
    case 'note':
      return PRIORITY[line.severity];
  }
}

function fieldsOf(line: LogLine): Readonly<Record<string, Field>> {
  switch (line.kind) {
    case 'request':
      return {
        FYGO_SOCKET: line.socket,
        FYGO_OPERATION: line.operation,
        FYGO_STATUS: line.status,
        FYGO_CODE: line.code,
        FYGO_MS: line.ms.toFixed(1),
        FYGO_PEER_UID: line.uid,
        FYGO_PEER_PID: line.pid,
      };
    case 'drop':
      return {
        FYGO_SOCKET: line.socket,
        FYGO_REASON: line.reason,
        FYGO_PEER_UID: line.uid,
        FYGO_PEER_PID: line.pid,
      };
    case 'failure':
      return { FYGO_SOCKET: line.socket, FYGO_OPERATION: line.operation, FYGO_ERROR: line.error };
    case 'decision':
      return {
        FYGO_USER: line.user,
        FYGO_OUTCOME: line.outcome,
        FYGO_BECAUSE: line.because,
        FYGO_SERVICE: line.service,
        FYGO_ADDRESS: line.address,
        FYGO_ACTOR: line.actor,
      };
    case 'note':
      return {};
  }
}

/**
 * An entry in the journal's export format: `NAME=value`, and where a value has line ends, the name, its length in 64 bits
 * and the value, so that nothing in it can pass for another field.
 */
export function entryOf(fields: Readonly<Record<string, Field>>): Buffer {
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    const text = Buffer.from(String(value));
    if (!text.includes(0x0a)) {
      parts.push(Buffer.from(`${name}=`), text, Buffer.from('\n'));
      continue;
    }
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(text.length));
    parts.push(Buffer.from(`${name}\n`), length, text, Buffer.from('\n'));
  }
  return Buffer.concat(parts);
}
