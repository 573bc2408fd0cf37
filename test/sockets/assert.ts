// Owns what every answer of a socket has to have.

import assert from 'node:assert/strict';
import type { Answer } from './bench.ts';

/** It is a whole problem document, with the headers of every reply. */
export function assertProblem(answer: Answer, status: number, code: string): void {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.headers['content-type'], 'application/problem+json');
  assert.equal(answer.json.code, code);
  assert.equal(answer.json.type, `urn:fygo-2fa:problem:${code}`);
  assert.equal(answer.json.status, status);
  assert.ok(answer.json.title && answer.json.detail && answer.json.hint);
  assertGuarded(answer);
}

/** It has the headers of every reply, and no date. */
export function assertGuarded(answer: Answer): void {
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.headers['x-content-type-options'], 'nosniff');
  assert.equal(answer.headers.date, undefined);
}
