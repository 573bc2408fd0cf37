// Owns what a person meets on a board that believes it is 1970: three codes without a time server, one with, and a clock put right.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import type { Machine } from './machine.ts';
import { CODE, comesIn, type Person, stepAfter, THREE_CODES } from './person.ts';

const STEP = 30_000;
const MINUTE = 60_000;
const DAY = 86_400_000;

/** How far the machine's clock is behind, in ms. */
async function behind(machine: Machine): Promise<number> {
  return Date.now() - Number((await machine.root('date +%s')).trim()) * 1000;
}

/** Addresses for documentation (RFC 5737): in the machine's network there is nobody else to have them. */
const ADDRESSES = [1, 2, 3, 4].map((last) => `192.0.2.${last}`);

/** The daemon asks four servers beside the machine, and systemd-timesyncd one of them. */
async function giveTimeServers(t: TestContext, machine: Machine): Promise<void> {
  for (const address of ADDRESSES) machine.addAddress(address);
  const program = `${import.meta.dirname}/time-servers.ts`;
  const servers = machine.beside(t, process.execPath, program, ...ADDRESSES);
  await once(servers.stdout as NodeJS.ReadableStream, 'data');
  const names = ADDRESSES.map((address) => `"${address}"`).join(', ');
  await machine.root(
    [
      `printf '[clock]\\nservers = [${names}]\\n' > /etc/fygo-2fa/config.toml`,
      'mkdir -p /etc/systemd/timesyncd.conf.d',
      `printf '[Time]\\nNTP=${ADDRESSES[0]}\\n' > /etc/systemd/timesyncd.conf.d/test.conf`,
      'systemctl restart fygo-2fa',
    ].join(' && '),
  );
}

/** `person` has been in before, on a right clock. */
export async function deadClock(t: TestContext, machine: Machine, person: Person): Promise<void> {
  assert.ok((await behind(machine)) > DAY);
  // One code does not do there. These three began after the one that was spent.
  const first = Math.max(Date.now() - MINUTE, person.nextLook);
  await comesIn(machine, person, [THREE_CODES, person.phone.codes(first, 3)]);
  person.nextLook = Math.max(person.nextLook, stepAfter(first + 2 * STEP));
  await giveTimeServers(t, machine);
  await putRight(machine, person);
}

/** The machine's clock is years back, and time servers are there. */
async function putRight(machine: Machine, person: Person): Promise<void> {
  // On a busy host an emulated machine may take longer over it than the command line waits.
  await machine.root('timeout 120 sh -c "until fygo-2fa clock check; do sleep 1; done"');
  const status = JSON.parse(await machine.root('fygo-2fa status --json || true'));
  assert.equal(status.clock.state, 'synchronised');
  assert.equal(status.clock.serversAgreeing, 4);
  // The wall clock is still years back; codes are judged by the servers' time.
  await comesIn(machine, person, [CODE, '{code}']);
  assert.ok((await behind(machine)) > DAY);

  await machine.root('fygo-2fa clock auto off && fygo-2fa clock set');
  assert.ok(Math.abs(await behind(machine)) < MINUTE);
  await comesIn(machine, person, [CODE, '{code}']);

  await machine.root('date --set @86400');
  assert.ok((await behind(machine)) > DAY);
  await machine.root('fygo-2fa clock auto on');
  await machine.root(
    'until timedatectl show --property NTPSynchronized | grep --quiet yes; do sleep 1; done',
  );
  assert.ok(Math.abs(await behind(machine)) < MINUTE);
  assert.match(await machine.root('timedatectl show --property NTP'), /NTP=yes/);
  await comesIn(machine, person, [CODE, '{code}']);
}
