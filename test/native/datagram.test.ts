// Owns the tests of datagrams to a unix socket, received by a program that is not ours.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { datagramsTo } from '../../daemon/native/datagram.ts';
import { receiver } from './datagrams.ts';

const skip = existsSync('/usr/bin/python3') ? false : 'needs Debian python3';

test('what is sent arrives whole, one datagram each', { skip }, async (t) => {
  const there = await receiver(t);
  const datagrams = datagramsTo(there.path);
  t.after(() => datagrams.close());
  for (const text of ['READY=1\nSTATUS=übrig', '', 'x'.repeat(40_000)]) {
    assert.equal(datagrams.send(Buffer.from(text)), 'sent');
    assert.equal((await there.next()).toString(), text);
  }
});

test('a path in the abstract namespace', { skip }, async (t) => {
  const there = await receiver(t, `@fygo-2fa-test-${process.pid}`);
  const datagrams = datagramsTo(there.path);
  t.after(() => datagrams.close());
  assert.equal(datagrams.send(Buffer.from('hello')), 'sent');
  assert.equal((await there.next()).toString(), 'hello');
});

test('nobody there is no error, and somebody who comes later is reached', { skip }, async (t) => {
  const path = `@fygo-2fa-later-${process.pid}`;
  const datagrams = datagramsTo(path);
  t.after(() => datagrams.close());
  assert.equal(datagrams.send(Buffer.from('too early')), 'failed');
  const there = await receiver(t, path);
  assert.equal(datagrams.send(Buffer.from('in time')), 'sent');
  assert.equal((await there.next()).toString(), 'in time');
});

test('a path that no socket can have is refused', () => {
  assert.throws(() => datagramsTo(`/${'x'.repeat(108)}`), RangeError);
});
