// Owns the life of a person on a board that was just flashed: enrols, logs in with a code; the same for both images.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { Machine } from './machine.ts';
import { CODE, comesIn, enrol, type Person, tries } from './person.ts';

/** Leaves alice enrolled and the machine running. */
export async function firstLife(t: TestContext, machine: Machine): Promise<Person> {
  await machine.up();
  const alice = await enrol(machine, 'alice', 2001);
  const early = await tries(machine, alice, [CODE, '000000'], [CODE, '000000'], [CODE, '000000']);
  assert.doesNotMatch(early.output, /came in/);
  await comesIn(machine, alice, [CODE, '{code}']);
  t.diagnostic(await machine.root('systemctl status fygo-2fa --no-pager --lines 0'));
  assert.equal((await machine.root('systemctl is-active fygo-2fa.service')).trim(), 'active');
  assert.match(
    await machine.root('findmnt --noheadings --output SOURCE,OPTIONS /var/lib'),
    /^\/dev\/\S+ .*noatime/,
  );
  const sockets = await machine.root('ls /run/fygo-2fa');
  for (const socket of ['login.sock', 'web.sock', 'admin.sock']) assert.match(sockets, new RegExp(socket));
  return alice;
}
