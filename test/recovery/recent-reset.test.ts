// Owns the proof of how long a password that was reset by mail takes the mailbox's word away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, HOUR, later } from '../../daemon/kernel/instant.ts';
import { isRecentReset, RECENT } from '../../daemon/recovery/recent-reset.ts';
import { NOW } from '../store/board.ts';

test('72 hours, to the millisecond; a clock that was put back a little does not shorten it', () => {
  assert.equal(RECENT, 3 * DAY);
  assert.equal(isRecentReset(null, NOW), false);
  assert.equal(isRecentReset(NOW, NOW), true);
  assert.equal(isRecentReset(later(NOW, -RECENT + 1), NOW), true);
  assert.equal(isRecentReset(later(NOW, -RECENT), NOW), false);
  assert.equal(isRecentReset(later(NOW, HOUR), NOW), true);
});

test('a moment years ahead, which a clock in the future recorded, shuts nobody out for years', () => {
  assert.equal(isRecentReset(later(NOW, 900 * DAY), NOW), false);
});
