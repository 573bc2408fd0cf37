// Owns the proof that codes are mailed once a minute and six times an hour a lane, and never stop for good.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOUR, type Instant, later, MINUTE, SECOND } from '../../daemon/kernel/instant.ts';
import { MAILS_AN_HOUR, waitForMail } from '../../daemon/recovery/allowance.ts';
import { NOW } from '../store/board.ts';
import { FIXED } from '../verification/arbitrary.ts';

const ago = (...ms: number[]) => ms.map((one) => later(NOW, -one));

test('one a minute', () => {
  assert.equal(waitForMail([], NOW), 0);
  assert.equal(waitForMail(ago(0), NOW), MINUTE);
  assert.equal(waitForMail(ago(59 * SECOND), NOW), SECOND);
  assert.equal(waitForMail(ago(MINUTE), NOW), 0);
});

test('six an hour: the seventh waits until the first of them is an hour old', () => {
  const six = ago(50 * MINUTE, 40 * MINUTE, 30 * MINUTE, 20 * MINUTE, 10 * MINUTE, 5 * MINUTE);
  assert.equal(waitForMail(six, NOW), 10 * MINUTE);
  assert.equal(waitForMail(six.slice(1), NOW), 0);
  assert.equal(waitForMail(six, later(NOW, 10 * MINUTE)), 0);
});

test('requests that lie ahead of a clock that was put back keep nobody waiting', () => {
  const ahead = Array.from({ length: 9 }, (_, i) => later(NOW, (i + 1) * MINUTE));
  assert.equal(waitForMail(ahead, NOW), 0);
});

test('whoever asks all the time gets at most six in any hour, and the next one within the hour', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 20 * 60 }), { minLength: 50, maxLength: 200 }),
      (pauses) => {
        const sent: Instant[] = [];
        let now = NOW;
        for (const pause of pauses) {
          now = later(now, pause * SECOND);
          const wait = waitForMail(sent, now);
          assert.ok(wait >= 0 && wait <= HOUR);
          if (wait === 0) sent.push(now);
          assert.equal(waitForMail(sent, later(now, wait + HOUR)), 0, 'never for good');
        }
        for (const [i, at] of sent.entries()) {
          const next = sent[i + 1];
          assert.ok(next === undefined || next - at >= MINUTE);
          assert.ok(sent.filter((other) => other >= at && other < at + HOUR).length <= MAILS_AN_HOUR);
        }
      },
    ),
    FIXED,
  );
});
