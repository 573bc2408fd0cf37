// Owns the proof that an idle daemon rests: what it uses of the processor and what it writes, over ten minutes.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { eventually, lacking, type Machine, shared } from './machine.ts';

const skip = lacking();
const house = shared({});

/** Ten minutes where all is tested; a person who tries something need not wait as long. */
const SECONDS = process.env.CI ? 600 : 60;

/** Of the daemon and its children, in seconds. */
function processor(machine: Machine, pid: string): number {
  const fields = machine.ok(`cut -d' ' -f14-17 /proc/${pid}/stat`).split(' ').map(Number);
  return fields.reduce((sum, ticks) => sum + ticks, 0) / 100;
}

const written = (machine: Machine, pid: string) =>
  Number(/^write_bytes: (\d+)$/m.exec(machine.ok(`cat /proc/${pid}/io`))?.[1]);

test(`idle for ${SECONDS} s: under 0.1 % of the processor, and nothing written`, {
  skip,
}, async (t) => {
  const { machine } = house;
  const pid = machine.property('fygo-2fa.service', 'MainPID');
  // The checks after the start are over, and their helper has left.
  await eventually(
    'the time helper leaves',
    () => machine.property('fygo-2fa-time.service', 'ActiveState') === 'inactive',
    90_000,
  );
  // The board is new, so a minute after its start it is backed up once; after that it has nothing to write for an hour.
  await eventually(
    'the first own backup',
    () => machine.run('test -e /var/lib/fygo-2fa/backups/000001.backup').code === 0,
    120_000,
  );
  machine.ok('journalctl --sync');
  const lines = () => Number(machine.ok('journalctl -u fygo-2fa -o cat | wc -l'));
  const before = { cpu: processor(machine, pid), bytes: written(machine, pid), lines: lines() };
  await once(AbortSignal.timeout(SECONDS * 1000), 'abort');
  const cpu = processor(machine, pid) - before.cpu;
  const bytes = written(machine, pid) - before.bytes;
  t.diagnostic(`${((cpu / SECONDS) * 100).toFixed(3)} % of a processor, ${bytes} bytes written`);
  assert.ok(cpu / SECONDS < 0.001, `${cpu} s of ${SECONDS}`);
  assert.equal(bytes, 0);
  assert.equal(lines() - before.lines, 0);
  assert.equal(machine.property('fygo-2fa.service', 'MainPID'), pid);
});
