// Owns the proof of what systemd makes of the units: start, sockets, sandbox, status line, journal, reload.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, lacking, shared } from './machine.ts';
import { account, enrolled } from './user.ts';

const skip = lacking();
const house = shared({ booted: (machine) => account(machine, 'alice') });

const SOCKETS = ['login', 'web', 'admin', 'time', 'mail', 'set-clock'];

test('after the first boot everything runs, and nothing failed', { skip }, () => {
  const { machine } = house;
  assert.equal(machine.ok('systemctl --failed --no-legend'), '');
  assert.equal(machine.ok('systemctl is-active fygo-2fa.service'), 'active');
  for (const name of SOCKETS)
    assert.equal(machine.ok(`systemctl is-active fygo-2fa-${name}.socket`), 'active');
  assert.equal(machine.ok('systemctl is-enabled fygo-2fa.service'), 'enabled');
});

test('it is ready within 2 s of its own time', { skip }, (t) => {
  const { machine } = house;
  const at = (name: string) => Number(machine.property('fygo-2fa.service', name));
  const wall = at('ActiveEnterTimestampMonotonic') - at('ExecMainStartTimestampMonotonic');
  t.diagnostic(`ready after ${(wall / 1e6).toFixed(2)} s`);
  const [user = 0, system = 0] = machine
    .ok(`cut -d' ' -f14,15 /proc/${machine.property('fygo-2fa.service', 'MainPID')}/stat`)
    .split(' ')
    .map(Number);
  t.diagnostic(`${((user + system) / 100).toFixed(2)} s of the processor`);
  assert.ok((user + system) / 100 <= 2);
});

const FILES: readonly (readonly [name: string, mode: string, owner: string])[] = [
  ['login.sock', '660', 'root:fygo-login'],
  ['web.sock', '660', 'root:fygo-web'],
  ['admin.sock', '600', 'root:root'],
  ['time.sock', '600', 'fygo-2fa:fygo-2fa'],
  ['mail.sock', '600', 'fygo-2fa:fygo-2fa'],
  ['set-clock.sock', '600', 'fygo-2fa:fygo-2fa'],
];

for (const [name, mode, owner] of FILES) {
  test(`${name} is ${mode} ${owner}`, { skip }, () => {
    assert.equal(house.machine.ok(`stat -c '%a %U:%G' /run/fygo-2fa/${name}`), `${mode} ${owner}`);
  });
}

const EXPOSURE: readonly (readonly [unit: string, most: number])[] = [
  ['fygo-2fa', 0.7],
  ['fygo-2fa-time', 1.5],
  ['fygo-2fa-mail', 1.5],
  ['fygo-2fa-set-clock', 2.5],
];

for (const [unit, most] of EXPOSURE) {
  test(`systemd-analyze security of ${unit}: at most ${most}`, { skip }, (t) => {
    const said = house.machine.ok(`systemd-analyze --no-pager security ${unit}.service`);
    const exposure = Number(/Overall exposure level for .*: ([0-9.]+) /.exec(said)?.[1]);
    t.diagnostic(`${unit}: ${exposure}`);
    assert.ok(exposure <= most, said);
  });
}

test('the core is nobody in particular, without a capability, alone on its network', { skip }, () => {
  const { machine } = house;
  const pid = machine.property('fygo-2fa.service', 'MainPID');
  const status = machine.ok(`cat /proc/${pid}/status`);
  for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'])
    assert.match(status, new RegExp(`^Cap${set}:\t0+$`, 'm'));
  assert.match(status, /^NoNewPrivs:\t1$/m);
  assert.match(status, /^Seccomp:\t2$/m);
  assert.doesNotMatch(status, /^Uid:\t0/m);
  const links = machine.ok(`nsenter -t ${pid} -n ip -o link`).split('\n');
  assert.deepEqual(
    links.map((line) => line.split(':')[1]?.trim()),
    ['lo'],
  );
  assert.equal(machine.ok(`nsenter -t ${pid} -n ip -o route`), '');
});

/** What a taken-over process of a unit may reach of what try.sh tries; everything else is refused. */
const REACH: readonly (readonly [unit: string, reaches: RegExp])[] = [
  ['fygo-2fa-time', /^curl -s --max-time 2 http/],
  ['fygo-2fa-mail', /^curl -s --max-time 2 http/],
  ['fygo-2fa-set-clock', /^$/],
];

for (const [unit, reaches] of REACH) {
  test(`a ${unit} that was taken over reaches no seed`, { skip }, async () => {
    const { machine } = house;
    const core = machine.property('fygo-2fa.service', 'MainPID');
    const lines = machine.read(`/usr/lib/systemd/system/${unit}.service`).split('\n');
    const changed = lines
      .map((line) => (line.startsWith('ExecStart=') ? `ExecStart=/bin/sh /opt/test/try.sh ${core}` : line))
      .map((line) => (line.startsWith('Type=') ? 'Type=oneshot' : line))
      // It must not really move the clock of the machine that this one runs on.
      .map((line) => (line.startsWith('CapabilityBoundingSet=') ? 'CapabilityBoundingSet=' : line))
      .map((line) => (line.startsWith('SyslogIdentifier=') ? `SyslogIdentifier=try-${unit}` : line));
    machine.write(`/etc/systemd/system/try-${unit}.service`, changed.join('\n'));
    machine.ok('systemctl daemon-reload');
    machine.ok(`systemctl start try-${unit}.service`);
    machine.ok('journalctl --sync');
    const said = machine.ok(`journalctl -t try-${unit} -o cat`).split('\n');
    assert.ok(said.length >= 16, said.join('\n'));
    const reached = said.filter((line) => line.startsWith('reached: ')).map((line) => line.slice(9));
    assert.deepEqual(
      reached.filter((line) => !reaches.test(line)),
      [],
    );
  });
}

const ASKS: readonly (readonly [socket: string, words: string])[] = [
  ['login.sock', 'http://localhost/v1/health'],
  ['web.sock', 'http://localhost/api/v1/me'],
  ['admin.sock', 'http://localhost/v1/status'],
  ['time.sock', '-d {} -H content-type:application/json http://localhost/v1/measure'],
  ['set-clock.sock', '-d {"on":true} -H content-type:application/json http://localhost/v1/automatic'],
];

for (const [socket, words] of ASKS) {
  test(`${socket} refuses who may not, by its mode and by the peer check`, { skip }, () => {
    const { machine } = house;
    const path = `/run/fygo-2fa/${socket}`;
    const curl = `curl -s -w '%{http_code}' --unix-socket ${path} ${words.replace(/(\{.*?\})/, "'$1'")}`;
    const asNobody = () => machine.run(`setpriv --reuid alice --regid alice --clear-groups -- ${curl}`);
    assert.equal(asNobody().code, 7);
    const mode = machine.ok(`stat -c %a ${path}`);
    machine.ok(`chmod 666 ${path}`);
    const { out } = asNobody();
    machine.ok(`chmod ${mode} ${path}`);
    assert.match(out, /"code":"peer-not-allowed".*403$/s);
  });
}

test('time is measured through the helper, which then leaves', { skip }, async () => {
  const { machine } = house;
  machine.ok('fygo-2fa clock check');
  assert.match(machine.ok('fygo-2fa status --json || true'), /"serversAgreeing": ?4/);
  assert.equal(machine.property('fygo-2fa-time.service', 'User'), 'fygo-2fa-time');
  const gone = () => machine.property('fygo-2fa-time.service', 'ActiveState') === 'inactive';
  await eventually('the time helper leaves', gone, 45_000);
  assert.equal(machine.property('fygo-2fa-time.service', 'Result'), 'success');
});

test('set-clock switches the synchronisation through its helper', { skip }, async () => {
  const { machine } = house;
  const asCore = 'setpriv --reuid fygo-2fa --regid fygo-2fa --clear-groups --';
  const ask = (path: string, body: string) =>
    machine.ok(
      `${asCore} curl -s -w ' %{http_code}' --unix-socket /run/fygo-2fa/set-clock.sock -H content-type:application/json -d '${body}' http://localhost${path}`,
    );
  // timesyncd does not run in a container; that timedated was asked and said so is what counts.
  assert.match(ask('/v1/automatic', '{"on":false}'), /^\{"outcome":"(?:done|failed)"\} 200$/);
  assert.match(ask('/v1/measure', '{"servers":[]}'), / 404$/);
  const gone = () => machine.property('fygo-2fa-set-clock.service', 'ActiveState') === 'inactive';
  await eventually('the set-clock helper leaves', gone, 15_000);
});

test('the status line says the clock, who is enrolled, and when the last login was', { skip }, async () => {
  const { machine } = house;
  await enrolled(machine, 'alice');
  account(machine, 'bob');
  const begun = `curl -s --unix-socket /run/fygo-2fa/login.sock -H content-type:application/json -d '{"user":"bob","service":"web"}' http://localhost/v1/login/begin`;
  assert.match(machine.ok(begun), /"because":"not-enrolled"/);
  machine.ok('systemctl reload fygo-2fa.service');
  assert.match(
    machine.property('fygo-2fa.service', 'StatusText'),
    /^clock [+−]\d+\.\d{3} s \(4 of 4 servers\), 1 of 1 users enrolled, .*last login just now$/,
  );
});

test('each decision is one journal entry with fields, and nothing secret is in any', { skip }, async () => {
  const { machine } = house;
  account(machine, 'carol');
  const phone = await enrolled(machine, 'carol');
  const call = (path: string, body: object) =>
    machine.ok(
      `curl -s --unix-socket /run/fygo-2fa/login.sock -H content-type:application/json -d '${JSON.stringify(body)}' http://localhost${path}`,
    );
  const begun = JSON.parse(
    call('/v1/login/begin', { user: 'carol', service: 'web', remoteAddress: '192.0.2.7' }),
  ) as { login: string };
  const code = phone.code(Date.now());
  const answer = { login: begun.login, user: 'carol', method: 'totp', code };
  assert.match(call('/v1/login/answer', answer), /"outcome":"accepted"/);
  machine.ok('journalctl --sync');
  const found = machine.ok('journalctl -o json FYGO_USER=carol FYGO_OUTCOME=accepted').split('\n');
  assert.equal(found.length, 1);
  const entry = JSON.parse(found[0] ?? '') as Record<string, string>;
  assert.equal(entry.FYGO_BECAUSE, 'totp');
  assert.equal(entry.FYGO_SERVICE, 'web');
  assert.equal(entry.FYGO_ADDRESS, '192.0.2.7');
  assert.equal(entry.PRIORITY, '6');
  assert.equal(entry._SYSTEMD_UNIT, 'fygo-2fa.service');
  const journal = machine.ok('journalctl -o export --no-pager');
  for (const secret of [phone.secret, begun.login, ...phone.recoveryCodes])
    assert.ok(!journal.includes(secret));
  assert.doesNotMatch(journal, new RegExp(`^FYGO_.*\\b${code}\\b`, 'm'));
});

test('a stop says so, drains, and the sockets stay', { skip }, () => {
  const { machine } = house;
  machine.ok('systemctl stop fygo-2fa.service');
  assert.equal(machine.property('fygo-2fa.service', 'Result'), 'success');
  assert.equal(machine.ok('systemctl is-active fygo-2fa-login.socket'), 'active');
  // The next who asks starts it again.
  assert.match(machine.ok('fygo-2fa status || true'), /is (?:healthy|degraded)/);
  assert.equal(machine.ok('systemctl is-active fygo-2fa.service'), 'active');
});
