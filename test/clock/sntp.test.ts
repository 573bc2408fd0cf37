// Owns the proof that no misbehaving server gets a time through: on real sockets, through the library as it is.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askServer } from '../../daemon/clock/sntp.ts';
import { instant, wallClock } from '../../daemon/kernel/instant.ts';
import { elapsed } from '../../daemon/native/elapsed.ts';
import { chrony, lacking } from './chrony.ts';
import { type Manner, ntpServer, timestamp } from './ntp-server.ts';

const clocks = { wall: wallClock, elapsed };
/** True time minus elapsed time: this machine's clock is the truth of these tests. */
const epoch = () => Date.now() - elapsed();

/** Sets bytes of the reply. */
const bytes =
  (at: number, ...values: number[]) =>
  (reply: Buffer) => {
    reply.set(values, at);
    return reply;
  };
const words = (at: number, text: string) => bytes(at, ...Buffer.from(text));

const FAULTS: readonly (readonly [string, Manner, object])[] = [
  [
    'kiss-of-death RATE',
    { twist: (r) => words(12, 'RATE')(bytes(1, 0)(r)) },
    { outcome: 'kiss', kiss: 'RATE' },
  ],
  [
    'kiss-of-death DENY',
    { twist: (r) => words(12, 'DENY')(bytes(1, 0)(r)) },
    { outcome: 'kiss', kiss: 'DENY' },
  ],
  ['leap indicator 3', { twist: bytes(0, 0xe4) }, { outcome: 'unsynchronised' }],
  ['stratum 0 without a code', { twist: bytes(1, 0) }, { outcome: 'kiss', kiss: 'none' }],
  ['stratum 16', { twist: bytes(1, 16) }, { outcome: 'wrong-stratum' }],
  ['mode 3', { twist: bytes(0, 0x23) }, { outcome: 'wrong-mode' }],
  ['mode 5', { twist: bytes(0, 0x25) }, { outcome: 'wrong-mode' }],
  ['version 7', { twist: bytes(0, 0x3c) }, { outcome: 'wrong-version' }],
  [
    'a stale origin',
    { twist: (r) => bytes(24, ...timestamp(Date.now() - 5_000))(r) },
    { outcome: 'wrong-origin' },
  ],
  ['no origin', { twist: bytes(24, 0, 0, 0, 0, 0, 0, 0, 0) }, { outcome: 'wrong-origin' }],
  ['a zero transmit time', { twist: bytes(40, 0, 0, 0, 0, 0, 0, 0, 0) }, { outcome: 'zero-time' }],
  ['20 bytes', { twist: (r) => r.subarray(0, 20) }, { outcome: 'short' }],
  ['47 bytes', { twist: (r) => r.subarray(0, 40) }, { outcome: 'short' }],
  ['nothing at all', { twist: (r) => r.subarray(0, 0) }, { outcome: 'short' }],
  ['a root 2 s away', { twist: bytes(8, 0, 2, 0, 0) }, { outcome: 'too-uncertain' }],
  ['silence', { silent: true }, { outcome: 'no-answer' }],
];

for (const [name, manner, expected] of FAULTS) {
  test(`no time from ${name}`, async (t) => {
    const server = await ntpServer(t, '127.0.0.21', manner);
    assert.deepEqual(await askServer(server, clocks), { ...expected, address: '127.0.0.21' });
    assert.equal(server.asked, 1, 'one packet, no retries');
  });
}

test('an honest server is within some milliseconds, and so is one that is seconds off, both ways', async (t) => {
  for (const ahead of [0, 5_000, -5_000, 3_600_000, -3_600_000]) {
    const server = await ntpServer(t, '127.0.0.22', { ahead });
    const asked = await askServer(server, clocks);
    assert.ok(asked.outcome === 'time');
    assert.ok(Math.abs(asked.epoch - ahead - epoch()) <= asked.bound + 2, `${asked.epoch - ahead - epoch()}`);
  }
});

test('400 ms on the way back: the error is within the bound', async (t) => {
  const server = await ntpServer(t, '127.0.0.23', { delay: 400 });
  const asked = await askServer(server, clocks);
  assert.ok(asked.outcome === 'time');
  const error = Math.abs(asked.epoch - epoch());
  assert.ok(asked.delay >= 399 && error <= asked.bound, `delay ${asked.delay}, ${error} of ${asked.bound}`);
});

test('the wall clock is stepped while the answer is under way: nothing of it is in the result', async (t) => {
  const server = await ntpServer(t, '127.0.0.24', { delay: 50 });
  let asked = 0;
  // The readings around the request are the library's own; a later one is an hour back.
  const wall = () => (asked++ < 2 ? wallClock() : instant(Date.now() - 3_600_000));
  const found = await askServer(server, { wall, elapsed });
  assert.ok(found.outcome === 'time');
  assert.ok(Math.abs(found.epoch - epoch()) <= found.bound + 2);
});

test('the limit that is written in THREAT-MODEL: an answer from another port is taken', async (t) => {
  const server = await ntpServer(t, '127.0.0.25', { otherPort: true });
  assert.equal((await askServer(server, clocks)).outcome, 'time');
});

test('a name is looked up, a name that is not there and IPv6 are said so', async (t) => {
  const { port } = await ntpServer(t, '127.0.0.1');
  assert.partialDeepStrictEqual(await askServer({ host: 'localhost', port }, clocks), {
    outcome: 'time',
    address: '127.0.0.1',
  });
  assert.deepEqual(await askServer({ host: '::1', port }, clocks), { outcome: 'no-address' });
  assert.deepEqual(await askServer({ host: 'no-such-host.localhost.invalid', port }, clocks), {
    outcome: 'no-address',
  });
});

test("Debian's chronyd, honest and an hour off", { skip: lacking }, async (t) => {
  for (const ahead of [0, 3_600, -3_600]) {
    const asked = await askServer(await chrony(t, '127.0.0.26', ahead), clocks);
    assert.ok(asked.outcome === 'time');
    assert.ok(
      Math.abs(asked.epoch - ahead * 1_000 - epoch()) < 50,
      `${asked.epoch - ahead * 1_000 - epoch()}`,
    );
    assert.equal(asked.stratum, 3);
  }
});
