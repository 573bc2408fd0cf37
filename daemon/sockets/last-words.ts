// Owns the answers to what never became a request: written to the connection itself, before it is closed.

import { STATUS_CODES } from 'node:http';
import { Fault, type FaultCode } from '../kernel/fault.ts';
import { problemOf } from './problem.ts';

const SENTENCES: Partial<Record<FaultCode, readonly [message: string, hint: string]>> = {
  'request-too-slow': ['A request has two seconds to arrive.', 'Send headers and body at once.'],
  'headers-too-large': ['The headers of a request have at most 8 KiB.', 'Send fewer or shorter headers.'],
  'body-too-large': ['A body has at most 16 KiB.', 'Send less: no operation needs more.'],
  overloaded: ['Every connection is taken, and none was given up in time.', 'Try again in a few seconds.'],
  'malformed-request': ['This is not HTTP/1.1.', 'Speak HTTP/1.1 (RFC 9112) on this socket.'],
};

/** A whole response with the problem document of a code, after which the connection ends. Never a 2xx. */
export function lastWords(code: FaultCode): string {
  const [message, hint] = SENTENCES[code] ?? ['The request is not taken.', 'Read the code.'];
  const document = problemOf(new Fault(code, message, hint));
  const body = JSON.stringify(document);
  return [
    `HTTP/1.1 ${document.status} ${STATUS_CODES[document.status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Cache-Control: no-store',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
