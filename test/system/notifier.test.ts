// Owns the tests of what systemd is told, in the words of sd_notify(3).

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { notifierTo } from '../../daemon/system/notifier.ts';
import { receiver } from '../native/datagrams.ts';

const skip = existsSync('/usr/bin/python3') ? false : 'needs Debian python3';

test('each word is a datagram of its own', { skip }, async (t) => {
  const there = await receiver(t);
  const notifier = notifierTo(there.path);
  const said = async () => (await there.next()).toString();
  notifier.ready('clock +0.012 s');
  assert.equal(await said(), 'READY=1\nSTATUS=clock +0.012 s');
  notifier.status('3 warnings');
  assert.equal(await said(), 'STATUS=3 warnings');
  notifier.feed();
  assert.equal(await said(), 'WATCHDOG=1');
  notifier.reloading(1234.5678);
  assert.equal(await said(), 'RELOADING=1\nMONOTONIC_USEC=1234568');
  notifier.stopping('stopping on SIGTERM');
  assert.equal(await said(), 'STOPPING=1\nSTATUS=stopping on SIGTERM');
});

test('what stands in the line cannot become another word', { skip }, async (t) => {
  const there = await receiver(t);
  notifierTo(there.path).status('fine\nREADY=0\r\nMAINPID=1');
  assert.equal((await there.next()).toString(), 'STATUS=fine READY=0 MAINPID=1');
});

test('where nobody wants to be told, nothing happens', () => {
  notifierTo(undefined).ready('');
  notifierTo('').feed();
});
