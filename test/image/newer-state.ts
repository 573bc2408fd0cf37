// Owns what happens to an image that is older than the state it finds: refused without a touch, and two ways out.

import assert from 'node:assert/strict';
import type { Machine } from './machine.ts';
import { CODE, comesIn, type Person, stepAfter, TWO_CODES, tries } from './person.ts';

const STATE = '/var/lib/fygo-2fa/state.db';
/** Where SQLite keeps the number of the schema (PRAGMA user_version): its file format, §1.3. */
const VERSION_AT = 60;
const NEWER = '\\000\\000\\047\\017';
const BACKUP = '/root/before.fygo-backup';

function writeVersion(octets: string): string {
  return `printf '${octets}' | dd of=${STATE} bs=1 seek=${VERSION_AT} conv=notrunc status=none`;
}

async function healthOf(machine: Machine) {
  return JSON.parse(await machine.root('fygo-2fa status --json || true'));
}

async function isRefused(machine: Machine, person: Person): Promise<void> {
  await machine.root(
    `systemctl stop fygo-2fa && ${writeVersion(NEWER)} && sha256sum ${STATE} >/root/newer.sum`,
  );
  await machine.root('systemctl start fygo-2fa');
  const health = await healthOf(machine);
  assert.equal(health.state, 'down');
  const refusal = (health.warnings as { code: string; hint: string }[]).find(
    ({ code }) => code === 'schema-too-new',
  );
  assert.match(
    refusal?.hint ?? JSON.stringify(health),
    /Install the newer fygo-2fa again, or restore a backup/,
  );
  const { output } = await tries(machine, person, [CODE, '{code}']);
  assert.doesNotMatch(output, /came in/);
  await machine.root('systemctl stop fygo-2fa && sha256sum --check --status /root/newer.sum');
}

/** Leaves the state of a backup behind. */
export async function newerState(machine: Machine, person: Person): Promise<void> {
  const { enrolled } = (await healthOf(machine)).users;
  await machine.root(
    `echo correct horse battery staple >/root/passphrase && fygo-2fa backup ${BACKUP} --passphrase-file /root/passphrase`,
  );
  const known = await machine.root(
    `systemctl stop fygo-2fa && dd if=${STATE} bs=1 skip=${VERSION_AT} count=4 status=none | od -An -b`,
  );
  await isRefused(machine, person);

  const octets = known
    .trim()
    .split(/\s+/)
    .map((octet) => `\\${octet}`);
  await machine.root(`${writeVersion(octets.join(''))} && systemctl start fygo-2fa`);
  assert.equal((await healthOf(machine)).users.enrolled, enrolled, 'the newer daemon would find everything');

  await isRefused(machine, person);
  await machine.root(`fygo-2fa restore ${BACKUP} --passphrase-file /root/passphrase`);
  await machine.root('systemctl start fygo-2fa');
  assert.equal((await healthOf(machine)).users.enrolled, enrolled);
  // Only codes that begin after the restore count.
  // The first step after it, and the one that follows.
  person.nextLook = stepAfter(stepAfter(Date.now()));
  await comesIn(machine, person, [TWO_CODES, '{last} {code}']);
}
