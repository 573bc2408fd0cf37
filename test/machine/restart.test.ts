// Owns the proof that clients hardly notice a restart, a crash, a hang: under load, on a booted system.

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { eventually, lacking, type Machine, shared } from './machine.ts';
import { account } from './user.ts';

const skip = lacking();
const house = shared({ booted: (machine) => account(machine, 'bob') });

interface Load {
  /** How many logins ended how: by status, or by the error of the connection. */
  readonly hows: Readonly<Record<string, number>>;
  readonly waited: number;
  readonly longest: number;
}

/** Logins at a rate, while `meanwhile` happens. */
async function under(machine: Machine, seconds: number, meanwhile: () => unknown): Promise<Load> {
  const child: ChildProcess = machine.start(`/usr/lib/fygo-2fa/node /opt/test/load.mjs ${seconds} 20 bob`);
  assert.ok(child.stdout);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  assert.equal((await lines.next()).value, 'started');
  // Some logins are under way before it happens.
  await once(AbortSignal.timeout(1_000), 'abort');
  await meanwhile();
  const { value } = await lines.next();
  return JSON.parse(value ?? '{}') as Load;
}

const pid = (machine: Machine) => machine.property('fygo-2fa.service', 'MainPID');
const restarts = (machine: Machine) => Number(machine.property('fygo-2fa.service', 'NRestarts'));

test('three restarts under 20 logins a second: none fails, some wait', { skip }, async (t) => {
  const { machine } = house;
  const load = await under(machine, 10, () => {
    for (let n = 0; n < 3; n += 1) machine.ok('systemctl restart fygo-2fa.service');
  });
  t.diagnostic(JSON.stringify(load));
  assert.deepEqual(load.hows, { 200: 200 });
  assert.ok(load.waited > 0);
});

test('kill -9 under load: who was being answered may have to ask again, everybody else waits', {
  skip,
}, async (t) => {
  const { machine } = house;
  const before = restarts(machine);
  const load = await under(machine, 8, () => machine.ok(`kill -9 ${pid(machine)}`));
  t.diagnostic(JSON.stringify(load));
  const { 200: ok = 0, ECONNRESET: reset = 0, ...other } = load.hows;
  assert.deepEqual(other, {});
  assert.equal(ok + reset, 160);
  assert.ok(reset <= 2, `${reset} were cut off`);
  assert.equal(restarts(machine), before + 1);
});

test('an abort, as a heap that ran out ends, is a restart as well', { skip }, async () => {
  const { machine } = house;
  const before = restarts(machine);
  machine.ok(`kill -ABRT ${pid(machine)}`);
  assert.match(machine.ok('fygo-2fa status || true'), /is (?:healthy|degraded)/);
  assert.equal(restarts(machine), before + 1);
});

test('a daemon that hangs is replaced within the time of its watchdog', { skip }, async (t) => {
  const { machine } = house;
  const before = pid(machine);
  const seconds = Number(machine.property('fygo-2fa.service', 'WatchdogUSec').replace('s', ''));
  assert.equal(seconds, 12);
  // CLOCK_MONOTONIC, which systemd notes its times by.
  const began = Number(process.hrtime.bigint()) / 1e9;
  machine.ok(`kill -STOP ${before}`);
  // Asked while it hangs: the answer is the new one's.
  assert.match(
    machine.ok(
      `curl -s --max-time 30 --unix-socket /run/fygo-2fa/login.sock -H content-type:application/json -d '{"user":"bob","service":"web"}' http://localhost/v1/login/begin`,
    ),
    /"outcome":"allow"/,
  );
  t.diagnostic(`from SIGSTOP to an answer: ${(Number(process.hrtime.bigint()) / 1e9 - began).toFixed(1)} s`);
  // How long the new one takes to start is the machine's affair; when it was started is the watchdog's.
  const replaced =
    Number(machine.property('fygo-2fa.service', 'ExecMainStartTimestampMonotonic')) / 1e6 - began;
  assert.notEqual(pid(machine), before);
  // The watchdog counts from the last time it was fed.
  assert.ok(replaced < seconds + 5, `${replaced} s`);
  machine.ok('journalctl --sync');
  assert.match(machine.ok('journalctl -u fygo-2fa -o cat -n 200'), /Watchdog timeout/);
});

test('a clean stop is over within its two seconds, however many are connected', { skip }, async () => {
  const { machine } = house;
  const holder = machine.start(
    `python3 -c 'import socket,time
held=[socket.socket(socket.AF_UNIX) for _ in range(30)]
for one in held: one.connect("/run/fygo-2fa/login.sock")
print("held",flush=True)
time.sleep(60)'`,
  );
  assert.ok(holder.stdout);
  await once(holder.stdout, 'data');
  machine.ok('systemctl stop fygo-2fa.service');
  holder.kill();
  const at = (name: string) => Number(machine.property('fygo-2fa.service', name));
  const took = (at('InactiveEnterTimestampMonotonic') - at('ActiveExitTimestampMonotonic')) / 1e6;
  assert.ok(took < 4, `${took} s`);
  assert.equal(machine.property('fygo-2fa.service', 'Result'), 'success');
});

test('boot order does not matter: who asks before the daemon runs is answered when it does', {
  skip,
}, async () => {
  const { machine } = house;
  machine.run('systemctl stop fygo-2fa.service');
  const asked = machine.ok(
    `curl -s --max-time 30 --unix-socket /run/fygo-2fa/login.sock -w '%{http_code}' http://localhost/v1/health`,
  );
  assert.equal(asked, '204');
  await eventually('it runs', () => machine.property('fygo-2fa.service', 'ActiveState') === 'active', 5_000);
});
