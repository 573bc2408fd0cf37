// Owns moments at which power goes: while the data partition is made and while people log in, and what must be there afterwards.

import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import type { Machine } from './machine.ts';
import { CODE, comesIn, type Person } from './person.ts';
import type { Mark } from './replay.ts';

export interface Cut {
  readonly when: string;
  readonly mark: Mark;
  /** How often each had been let in by then. */
  readonly letIn: ReadonlyMap<string, number>;
}

/** The writes of a machine's medium up to now, as QEMU logs them. */
export function cutNow(when: string, log: string, letIn: ReadonlyMap<string, number> = new Map()): Cut {
  return { when, mark: statSync(log).size, letIn: new Map(letIn) };
}

/** All log in at once; a cut whenever one of them is in. */
export async function cutsDuringLogins(
  machine: Machine,
  people: readonly Person[],
  log: string,
): Promise<readonly Cut[]> {
  const letIn = new Map<string, number>();
  for (const { name } of people) letIn.set(name, await acceptedOf(machine, name));
  const cuts: Cut[] = [];
  await Promise.all(
    people.map(async (person) => {
      await comesIn(machine, person, [CODE, '{code}']);
      letIn.set(person.name, (letIn.get(person.name) ?? 0) + 1);
      cuts.push(cutNow(`when ${person.name} is in`, log, letIn));
    }),
  );
  return cuts;
}

/** On a machine that was switched on after a cut: the data partition is in use, it has its own host keys, no login was forgotten. */
export async function livesOn(machine: Machine, { letIn }: Cut): Promise<void> {
  assert.match(await machine.root('findmnt --noheadings --output SOURCE /var/lib'), /^\/dev\/vda3/);
  const keys = await machine.root(
    'test -e /var/lib/dpkg/status && ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key | wc -l',
  );
  assert.equal(keys.trim(), '1');
  for (const [name, times] of letIn) assert.ok((await acceptedOf(machine, name)) >= times, name);
}

async function acceptedOf(machine: Machine, name: string): Promise<number> {
  const { rows } = JSON.parse(await machine.root(`fygo-2fa audit --user ${name} --json`)) as {
    rows: readonly { outcome: string }[];
  };
  return rows.filter(({ outcome }) => outcome === 'accepted').length;
}
