// Owns how a body becomes a value: bounded, JSON by its name, UTF-8 to the letter.

import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import getRawBody from 'raw-body';
import { Fault } from '../kernel/fault.ts';

/** The most a body may have, in bytes. */
export const BODY_BYTES = 16 * 1024;

const JSON_TYPE = /^application\/json[ \t]*(?:;[ \t]*charset=("?)utf-8\1[ \t]*)?$/i;
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

/** Does a body follow the headers (RFC 9112 §6.3)? */
export function announcesBody(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  return request.headers['transfer-encoding'] !== undefined || (length !== undefined && Number(length) !== 0);
}

/** @throws Fault `unsupported-media-type` */
export function requireJson(request: IncomingMessage): void {
  const type = request.headers['content-type'] ?? '';
  if (JSON_TYPE.test(type) && request.headers['content-encoding'] === undefined) return;
  throw new Fault(
    'unsupported-media-type',
    'This operation takes a body of the type application/json in UTF-8, uncompressed.',
    'Send the header Content-Type: application/json.',
  );
}

async function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  try {
    return await getRawBody(request, {
      limit,
      length: request.headers['content-length'] ?? null,
    });
  } catch (error) {
    if (error instanceof Error && 'type' in error && error.type === 'entity.too.large') {
      throw new Fault('body-too-large', 'A body has at most 16 KiB.', 'Send less: no operation needs more.');
    }
    throw new Fault(
      'malformed-request',
      'The connection ended before the body was complete.',
      'Send the whole body within two seconds.',
    );
  }
}

/** Half of a surrogate pair cannot be stored as UTF-8: two different names would become one. */
function wellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([key, inner]) => key.isWellFormed() && wellFormed(inner));
}

function parse(bytes: Buffer): unknown {
  try {
    if (!isUtf8(bytes)) throw new TypeError('not UTF-8');
    const text = bytes.toString('utf8');
    const value: unknown = JSON.parse(text);
    if (!ESCAPED_SURROGATE.test(text) || wellFormed(value)) return value;
  } catch {
    // The parser's own sentence quotes the body; the one below does not.
  }
  throw new Fault(
    'malformed-json',
    'The body is not a JSON document in UTF-8.',
    'Check the quotes, commas and escapes of the body, and that it was sent whole.',
  );
}

/**
 * The JSON value of a body of at most `limit` bytes.
 * @throws Fault `unsupported-media-type`, `body-too-large`, `malformed-json`; `malformed-request` where the
 * connection ended first.
 */
export async function readJson(request: IncomingMessage, limit = BODY_BYTES): Promise<unknown> {
  requireJson(request);
  return parse(await readBytes(request, limit));
}
