// Owns the proof that the kernel's clock is read right, and that what would set it is laid out right.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelClock, readTimex } from '../../daemon/native/adjtimex.ts';
import { rtcTimeOf, timespecOf } from '../../daemon/native/set-time.ts';

test('the kernel of this machine answers, with the time that everybody sees', () => {
  const clock = kernelClock() ?? assert.fail('no answer');
  assert.ok(Math.abs(clock.time - Date.now()) < 1_000, `${clock.time}`);
  assert.ok(clock.maxError >= 0 && clock.maxError <= 16_000_000, `${clock.maxError}`);
  if (!clock.synchronised) assert.ok(clock.maxError > 0);
});

function timex(status: number, offset: bigint, maxError: bigint, seconds: bigint, fraction: bigint): Buffer {
  const buffer = Buffer.alloc(208);
  buffer.writeBigInt64LE(offset, 8);
  buffer.writeBigInt64LE(maxError, 24);
  buffer.writeInt32LE(status, 40);
  buffer.writeBigInt64LE(seconds, 72);
  buffer.writeBigInt64LE(fraction, 80);
  return buffer;
}

test('a kernel that nobody disciplines, in microseconds', () => {
  assert.deepEqual(readTimex(5, timex(0x40, 0n, 16_000_000n, 1_000n, 500_000n)), {
    synchronised: false,
    maxError: 16_000,
    offset: 0,
    time: 1_000_500,
  });
});

test('one that is kept, in nanoseconds; the return value alone can say that it is not', () => {
  const kept = timex(0x2001, -2_500_000n, 20_000n, 1_000n, 500_000_000n);
  assert.deepEqual(readTimex(0, kept), { synchronised: true, maxError: 20, offset: -2.5, time: 1_000_500 });
  assert.equal(readTimex(5, kept).synchronised, false);
});

test('a moment as the kernel wants it, before 1970 too', () => {
  const read = (time: number) => [timespecOf(time).readBigInt64LE(0), timespecOf(time).readBigInt64LE(8)];
  assert.deepEqual(read(1_500), [1n, 500_000_000n]);
  assert.deepEqual(read(-1_500), [-2n, 500_000_000n]);
});

test('a moment as a real-time clock wants it: months from 0, years since 1900', () => {
  const at = Date.UTC(2026, 11, 31, 23, 58, 7, 400);
  assert.deepEqual([...rtcTimeOf(at)], [7, 58, 23, 31, 11, 126, 0, 0, 0]);
});
