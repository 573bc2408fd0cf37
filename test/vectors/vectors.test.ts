// Owns the proof that codes are those of RFC 4226 and RFC 6238, each layer by itself, so that a failure names its layer.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NobleCryptoPlugin } from 'otplib';
import { instant } from '../../daemon/kernel/instant.ts';
import { Secret } from '../../daemon/kernel/secret.ts';
import { codeAt, PERIOD, SECRET_BYTES, stepAt, stepStart } from '../../daemon/verification/totp.ts';
import { HOTP, SECRET } from './rfc4226.ts';
import { TOTP } from './rfc6238.ts';
import { codeOf, digitsOf, hmacOf, truncate } from './truth.ts';
import { DISTANT_CODE, DISTANT_STEP, TWIN_CODE, TWIN_STEP } from './twins.ts';

const KEY = Buffer.from(SECRET, 'hex');
const PHONE = new Secret(KEY);

test('RFC 4226 D, layer 1: the HMAC, by the platform and by the library', () => {
  assert.equal(HOTP.length, 10);
  const library = new NobleCryptoPlugin();
  for (const { counter, hmac } of HOTP) {
    const message = Buffer.alloc(8);
    message.writeUInt32BE(counter, 4);
    assert.equal(hmacOf(KEY, counter).toString('hex'), hmac, `the tests, counter ${counter}`);
    const digest = library.hmac('sha1', KEY, message);
    assert.equal(Buffer.from(digest).toString('hex'), hmac, `otplib, counter ${counter}`);
  }
});

test('RFC 4226 D, layer 2: dynamic truncation of the HMAC as printed', () => {
  for (const { hmac, truncated, truncatedHex } of HOTP) {
    assert.equal(truncate(Buffer.from(hmac, 'hex')), truncated);
    assert.equal(truncated.toString(16), truncatedHex);
  }
});

test('RFC 4226 D, layer 3: six digits of the truncated number as printed', () => {
  for (const { truncated, code } of HOTP) assert.equal(digitsOf(truncated), code);
});

test('RFC 4226 D: the daemon shows the codes', () => {
  for (const { counter, code } of HOTP) assert.equal(codeAt(PHONE, counter), code, `counter ${counter}`);
});

test('RFC 6238 B: the step that a moment lies in, whole periods since the epoch', () => {
  assert.equal(PERIOD, 30_000);
  for (const { time, step } of TOTP) {
    assert.equal(stepAt(instant(time * 1000)), Number.parseInt(step, 16), `at ${time} s`);
  }
});

test('RFC 6238 B: the low six digits of the eight', () => {
  for (const { time, step, code } of TOTP) {
    const counter = Number.parseInt(step, 16);
    assert.equal(digitsOf(truncate(hmacOf(KEY, counter)), 8), code, `the tests, at ${time} s`);
    assert.equal(codeAt(PHONE, counter), code.slice(2), `the daemon, at ${time} s`);
  }
});

test('a step begins with its first millisecond and ends before the next one', () => {
  assert.equal(stepAt(instant(29_999)), 0);
  assert.equal(stepAt(instant(30_000)), 1);
  for (const { step } of TOTP) {
    const at = stepStart(Number.parseInt(step, 16));
    assert.equal(stepAt(at), Number.parseInt(step, 16));
    assert.equal(stepAt(instant(at - 1)), Number.parseInt(step, 16) - 1);
  }
});

test('a step before the epoch has no code', () => {
  assert.equal(codeAt(PHONE, -1), null);
  assert.equal(SECRET_BYTES * 8, 160);
});

test('two neighbouring steps share their digits, as they were found', () => {
  for (const step of [TWIN_STEP, TWIN_STEP + 1]) {
    assert.equal(codeOf(KEY, step), TWIN_CODE);
    assert.equal(codeAt(PHONE, step), TWIN_CODE);
  }
  assert.equal(codeOf(KEY, DISTANT_STEP), DISTANT_CODE);
  assert.equal(codeOf(KEY, DISTANT_STEP + 4), DISTANT_CODE);
  for (const step of [TWIN_STEP - 1, TWIN_STEP + 2]) assert.notEqual(codeAt(PHONE, step), TWIN_CODE);
});
