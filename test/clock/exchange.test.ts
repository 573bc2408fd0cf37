// Owns the proof that a reply counts only when everything about it is right, and that its time is reckoned right.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Asked, judgeExchange, type Packet, sentAs } from '../../daemon/clock/exchange.ts';

const TRUE = Date.UTC(2026, 11, 1, 12);
const WALL = Date.UTC(1970, 0, 1, 5);
/** Elapsed 50 s when it is TRUE: what every right answer has to find. */
const EPOCH = TRUE - 50_000;

const ASKED: Asked = { sentElapsed: 50_000, gotElapsed: 50_040, wallBefore: WALL, wallAfter: WALL + 1 };
const REPLY: Packet = {
  leapIndicator: 0,
  version: 4,
  mode: 4,
  stratum: 2,
  precision: 236,
  referenceId: '2139029761',
  rootDelay: 10,
  rootDispersion: 5,
  origin: sentAs(WALL),
  receive: TRUE + 20,
  transmit: TRUE + 20,
};

const judged = (packet: Partial<Packet> = {}, asked: Partial<Asked> = {}) =>
  judgeExchange({ ...REPLY, ...packet }, { ...ASKED, ...asked });

test('a right reply gives the time, wherever the wall clock is', () => {
  const time = judged();
  assert.ok(time.outcome === 'time');
  assert.ok(Math.abs(time.epoch - EPOCH) <= 1, `${time.epoch - EPOCH}`);
  assert.equal(time.delay, 40);
  assert.equal(time.stratum, 2);
  assert.ok(
    time.bound >= 30 && time.bound < 35,
    `half the delay, half the root delay, dispersion: ${time.bound}`,
  );
});

test('a detour on one way is covered by the bound: 400 ms, where absolute values would err by all of it', () => {
  const time = judged({ receive: TRUE + 390, transmit: TRUE + 390 }, { gotElapsed: 50_400 });
  assert.ok(time.outcome === 'time');
  assert.equal(time.delay, 400);
  assert.ok(Math.abs(time.epoch - EPOCH) <= time.bound);
  assert.ok(time.bound < 215);
});

test('time that the server held the request is no delay', () => {
  const time = judged({ transmit: TRUE + 320 }, { gotElapsed: 50_340 });
  assert.ok(time.outcome === 'time');
  assert.equal(time.delay, 40);
  assert.ok(Math.abs(time.epoch - EPOCH) <= 1);
});

const FAULTS: readonly (readonly [string, Partial<Packet>, Partial<Asked>, object])[] = [
  ['a short packet', { transmit: Number.NaN }, {}, { outcome: 'short' }],
  ['a root dispersion below nothing', { rootDispersion: -1_023 }, {}, { outcome: 'impossible' }],
  ['a root delay below nothing', { rootDelay: -1 }, {}, { outcome: 'impossible' }],
  ['an infinite number', { rootDelay: Number.POSITIVE_INFINITY }, {}, { outcome: 'short' }],
  ['a client', { mode: 3 }, {}, { outcome: 'wrong-mode' }],
  ['a broadcast', { mode: 5 }, {}, { outcome: 'wrong-mode' }],
  ['version 0', { version: 0 }, {}, { outcome: 'wrong-version' }],
  ['version 7', { version: 7 }, {}, { outcome: 'wrong-version' }],
  ['an origin a second old', { origin: sentAs(WALL) - 1_000 }, {}, { outcome: 'wrong-origin' }],
  ['an origin 3 ms ahead', { origin: sentAs(WALL) + 3 }, {}, { outcome: 'wrong-origin' }],
  ['no origin', { origin: Date.UTC(1900, 0, 1) }, {}, { outcome: 'wrong-origin' }],
  ['RATE', { stratum: 0, referenceId: String(0x52415445) }, {}, { outcome: 'kiss', kiss: 'RATE' }],
  ['DENY', { stratum: 0, referenceId: String(0x44454e59) }, {}, { outcome: 'kiss', kiss: 'DENY' }],
  ['a kiss that is no word', { stratum: 0, referenceId: '27' }, {}, { outcome: 'kiss', kiss: 'none' }],
  ['stratum 16', { stratum: 16 }, {}, { outcome: 'wrong-stratum' }],
  ['leap indicator 3', { leapIndicator: 3 }, {}, { outcome: 'unsynchronised' }],
  ['a zero transmit time', { transmit: Date.UTC(1900, 0, 1) }, {}, { outcome: 'zero-time' }],
  ['a zero receive time', { receive: Date.UTC(1900, 0, 1) }, {}, { outcome: 'zero-time' }],
  ['a root far away', { rootDispersion: 1_600 }, {}, { outcome: 'too-uncertain' }],
  ['sent before it was received', { transmit: TRUE }, {}, { outcome: 'impossible' }],
  ['held longer than it took', { transmit: TRUE + 90 }, {}, { outcome: 'impossible' }],
  ['three seconds under way', {}, { gotElapsed: 53_000 }, { outcome: 'too-slow' }],
];

for (const [name, packet, asked, expected] of FAULTS) {
  test(`no time from ${name}`, () => assert.deepEqual(judged(packet, asked), expected));
}

test('a kiss that was not asked for is not heeded', () => {
  const forged = judged({ stratum: 0, referenceId: String(0x44454e59), origin: sentAs(WALL) + 60_000 });
  assert.deepEqual(forged, { outcome: 'wrong-origin' });
});

test('a wall clock past 2036 asks in a way that is known, though it is not the time', () => {
  const late = Date.UTC(2099, 5, 1);
  const time = judged({ origin: sentAs(late) }, { wallBefore: late, wallAfter: late });
  assert.ok(time.outcome === 'time');
  assert.ok(Math.abs(time.epoch - EPOCH) <= 1);
  assert.equal(sentAs(TRUE), TRUE, 'before that it is the wall clock itself');
});

test('in the second era of NTP the time goes on', () => {
  const later = Date.UTC(2040, 0, 1);
  const era = later - 2 ** 32 * 1000;
  const time = judged({ receive: era + 20, transmit: era + 20 });
  assert.ok(time.outcome === 'time');
  assert.ok(Math.abs(time.epoch - (later - 50_000)) <= 1);
});
