// Owns the proof that a known device's token counts for its user, its generation and its year, and in one spelling.

import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Holder, isKnown, issueKnown } from '../../daemon/devices/token.ts';
import { DAY, instant, later, SECOND } from '../../daemon/kernel/instant.ts';
import { FIXED } from '../verification/arbitrary.ts';

const KEY = createSecretKey(Buffer.alloc(32, 7));
const NOW = instant(Date.UTC(2026, 10, 24, 8, 0, 0, 123));
const ALICE: Holder = { id: 1, uid: 1000, generation: 3 };

const holders = fc.record({
  id: fc.nat(1_000),
  uid: fc.nat(70_000),
  generation: fc.integer({ min: 1, max: 50 }),
});

test('a token is known to its holder until its 365 days are over', () => {
  const { token, expires } = issueKnown(ALICE, NOW, KEY);
  assert.ok(expires - NOW >= 365 * DAY && expires - NOW < 365 * DAY + SECOND);
  assert.ok(isKnown(token, ALICE, NOW, KEY));
  assert.ok(isKnown(token, ALICE, later(expires, -1), KEY));
  assert.ok(!isKnown(token, ALICE, expires, KEY));
  assert.ok(!isKnown(token, ALICE, later(expires, 400 * DAY), KEY));
});

test('another user, another uid, another generation or another key makes nothing of it', () => {
  fc.assert(
    fc.property(holders, holders, (one, other) => {
      const { token } = issueKnown(one, NOW, KEY);
      assert.ok(isKnown(token, one, NOW, KEY));
      const same = one.id === other.id && one.uid === other.uid && one.generation === other.generation;
      assert.equal(isKnown(token, other, NOW, KEY), same);
      assert.ok(!isKnown(token, { ...one, id: one.id + 1 }, NOW, KEY));
      assert.ok(!isKnown(token, { ...one, uid: one.uid + 1 }, NOW, KEY));
      assert.ok(!isKnown(token, { ...one, generation: one.generation + 1 }, NOW, KEY));
      assert.ok(!isKnown(token, one, NOW, createSecretKey(Buffer.alloc(32, 8))));
    }),
    FIXED,
  );
});

test('holders whose numbers run together have different tokens', () => {
  const { token } = issueKnown({ id: 1, uid: 11, generation: 1 }, NOW, KEY);
  assert.ok(!isKnown(token, { id: 11, uid: 1, generation: 1 }, NOW, KEY));
  assert.ok(!isKnown(token, { id: 1, uid: 1, generation: 11 }, NOW, KEY));
});

test('a token that was changed in any character, shortened, lengthened or respelt is nothing', () => {
  const { token } = issueKnown(ALICE, NOW, KEY);
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  for (let i = 0; i < token.length; i++) {
    for (const letter of alphabet) {
      if (letter === token[i]) continue;
      const changed = token.slice(0, i) + letter + token.slice(i + 1);
      assert.ok(!isKnown(changed, ALICE, NOW, KEY), `character ${i} as ${letter}`);
    }
  }
  const respelt = [
    `${token}=`,
    `${token} `,
    ` ${token}`,
    `${token}A`,
    token.slice(0, -1),
    `${token}${token}`,
    '',
  ];
  for (const other of [...respelt, `${token.slice(0, 9)}!${token.slice(9)}`, `${token}\u0000`]) {
    assert.ok(!isKnown(other, ALICE, NOW, KEY), JSON.stringify(other));
  }
});

test('nobody extends a token: its expiry is under the hash', () => {
  const bytes = Buffer.from(issueKnown(ALICE, NOW, KEY).token, 'base64url');
  bytes.writeUIntBE(bytes.readUIntBE(0, 6) + 1, 0, 6);
  assert.ok(!isKnown(bytes.toString('base64url'), ALICE, NOW, KEY));
});

test('anything at all that is not a token is nothing, and no error', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.base64String()), (text) => {
      assert.ok(!isKnown(text, ALICE, NOW, KEY));
    }),
    FIXED,
  );
});
