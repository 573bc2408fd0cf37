// Tests that a power cut leaves a board that boots, in the middle of the first boot and while people log in, and that no spent code is forgotten.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, openSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { folder, image } from './images.ts';
import { diskOf, Machine } from './machine.ts';
import { CODE, comesIn, enrol, type Person } from './person.ts';
import { reasonToSkip } from './reason.ts';
import { loggedDisk, type Mark, Replay } from './replay.ts';

const GIB = 2 ** 30;
const NAMES = ['alice', 'bob', 'carol'];

interface Cut {
  readonly when: string;
  readonly mark: Mark;
  /** Who has been let in before it. */
  readonly inside: readonly string[];
}

async function acceptedBy(machine: Machine, name: string): Promise<number> {
  const { rows } = JSON.parse(await machine.root(`fygo-2fa audit --user ${name} --json`)) as {
    rows: readonly { outcome: string }[];
  };
  return rows.filter(({ outcome }) => outcome === 'accepted').length;
}

test('x86: power cuts at the first boot and during logins', { skip: reasonToSkip() }, async (t) => {
  const place = folder(t);
  const medium = join(place, 'medium.raw');
  const log = join(place, 'writes.log');
  const before = join(place, 'before.raw');
  for (const copy of [medium, before]) {
    execFileSync('cp', ['--sparse=always', image('x86'), copy]);
    truncateSync(copy, 6 * GIB);
  }
  closeSync(openSync(log, 'w'));
  const cuts: Cut[] = [];

  await t.test('a first boot and three logins at once', async () => {
    const machine = new Machine(t, { target: 'x86', folder: place, disk: loggedDisk(medium, log) });
    await machine.seen(/data partition: making it on/);
    cuts.push({ when: 'while the data partition is made', mark: statSync(log).size, inside: [] });
    await machine.up();
    const people: Person[] = [];
    for (const [index, name] of NAMES.entries()) people.push(await enrol(machine, name, 2001 + index));
    const inside: string[] = [];
    await Promise.all(
      people.map(async (person) => {
        await comesIn(machine, person, [CODE, '{next}']);
        inside.push(person.name);
        cuts.push({ when: `when ${person.name} is in`, mark: statSync(log).size, inside: [...inside] });
      }),
    );
    await machine.cut();
  });
  assert.equal(cuts.length, 1 + NAMES.length);

  const replay = new Replay(log, before);
  t.after(() => replay.close());
  for (const { when, mark, inside } of cuts) {
    await t.test(`cut ${when}`, async (t) => {
      replay.upTo(mark);
      const after = join(place, 'after.qcow2');
      execFileSync('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', before, '-F', 'raw', after]);
      const machine = new Machine(t, { target: 'x86', folder: place, disk: diskOf(after) });
      await machine.up();
      t.diagnostic(`${replay.writes} writes survived`);
      assert.match(await machine.root('findmnt --noheadings --output SOURCE /var/lib'), /^\/dev\/vda3/);
      assert.equal(
        (
          await machine.root(
            'test -e /var/lib/dpkg/status && ssh-keygen -l -f /etc/ssh/ssh_host_ed25519_key | wc -l',
          )
        ).trim(),
        '1',
      );
      for (const name of inside) assert.equal(await acceptedBy(machine, name), 1, name);
      await machine.cut();
    });
  }
});
