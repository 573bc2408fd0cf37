// Owns the daemon's log lines: one line of text for each, on standard error, where the journal picks them up.

import type { DecisionLine, LogLine, LogSink } from './request-log.ts';

/** Turns log lines into text. Whatever a line holds was typed to hold no secret. */
export function textLog(write: (text: string) => void): LogSink {
  return (line) => write(`${textOf(line)}\n`);
}

/** The line in words. */
export function textOf(line: LogLine): string {
  switch (line.kind) {
    case 'request': {
      const { socket, operation, method, status, code, ms, uid, pid } = line;
      const why = code === undefined ? '' : ` ${code}`;
      return `${socket} ${method} ${operation} ${status}${why} ${ms.toFixed(1)} ms uid=${uid} pid=${pid}`;
    }
    case 'drop':
      return `${line.socket} dropped a connection: ${line.reason} uid=${line.uid} pid=${line.pid}`;
    case 'failure':
      return [`${line.socket} ${line.operation} failed: ${line.error}`, ...line.stack].join('\n  ');
    case 'decision':
      return decisionOf(line);
    case 'note':
      return line.text;
  }
}

function decisionOf({ user, outcome, because, service, address, actor }: DecisionLine): string {
  const details = [service && `service ${service}`, address && `from ${address}`, actor && `by ${actor}`];
  const why = because === null ? '' : `: ${because}`;
  const told = details.filter((one) => one !== null && one !== '').join(', ');
  // A name is whatever somebody typed at a login.
  return `${user} ${outcome}${why}${told && ` (${told})`}`.replace(/\p{Cc}+/gu, '?');
}
