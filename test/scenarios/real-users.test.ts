// Owns the proof that real accounts of a real system go through a mandatory scope: by group, over SSH, with the QR code in the terminal.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { after, test } from 'node:test';
import { missing, Bench as PamBench } from '../pam/bench.ts';
import { PASSWORD, People } from '../pam/people.ts';
import { Bench, lacking } from './bench.ts';
import { says } from './client.ts';
import { sshServer } from './ssh-server.ts';

const skip = missing('sshd', 'ssh', 'ssh-keygen', 'python3', 'useradd', 'groupadd') ?? lacking();
const group = `fygot-g-${process.pid}`;

after(() => {
  if (!skip) spawnSync('groupdel', ['--force', group]);
});

test('scope by group, preview, enrol over SSH, a code the next time, and out of the group still a code', {
  skip,
}, async (t) => {
  const people = new People();
  t.after(() => people.remove());
  const [member, outsider] = [people.user('in'), people.user('out')];
  execFileSync('groupadd', [group]);
  execFileSync('usermod', ['-aG', group, member]);
  const bench = Bench.idle(t, { realTime: true });
  // Without these two files the users and groups are the system's own.
  for (const file of ['passwd', 'group']) rmSync(bench.file('etc', file));
  await bench.start();

  const policy = ['policy', 'set', '--scope', 'specific', '--group', group, '--grace', '0', '--json'];
  const bad = await bench.cli([...policy, '--user', 'fygot-nobody', '--group', 'fygot-nothing']);
  assert.equal(bad.code, 1);
  assert.match(bad.out, /policy-names-unknown.*user fygot-nobody, group fygot-nothing/);
  const preview = await bench.cli([...policy, '--preview']);
  assert.equal(preview.code, 0, preview.err);
  const { users, counts, complete } = JSON.parse(preview.out) as {
    users: { name: string; state: string }[];
    counts: { inScope: number };
    complete: boolean;
  };
  assert.deepEqual(
    [users.map(({ name, state }) => [name, state]), counts.inScope, complete],
    [[[member, 'not-enrolled']], 1, true],
  );
  says(await bench.begin(member), 200, { because: 'not-enrolled' });
  const set = await bench.cli(policy);
  assert.equal(set.code, 0, set.out);

  const pam = new PamBench(false);
  t.after(() => pam.remove());
  const module = `${pam.module} socket=${bench.file('run', 'login.sock')} timeout=20`;
  const login = await sshServer(t, { folder: pam.folder, people, users: [member, outsider], module });
  const password = ['Password: ', PASSWORD] as const;

  const free = await login(outsider, [password]);
  assert.match(free.output, /^came in\r?$/m, 'nobody outside the group is asked');

  const first = await login(member, [password, ['shows now: ', '{code}'], ['noted them: ', '']]);
  assert.match(first.output, /[\u2580\u2584\u2588]{4}/, 'the QR code is drawn');
  assert.match(first.output, /^came in\r?$/m);
  says(await bench.asRoot(`GET /v1/users/${member}`), 200, { state: 'enrolled', required: true });

  const secret = /^Secret Key: ([A-Z2-7 ]+)/m.exec(first.output)?.[1] ?? '';
  const again = await login(member, [password, ['recovery code): ', '{next}']], secret);
  assert.match(again.output, /^came in\r?$/m, 'the next login asks for a code');

  execFileSync('gpasswd', ['-d', member, group], { stdio: 'ignore' });
  says(await bench.asRoot(`GET /v1/users/${member}`), 200, { state: 'enrolled', required: false });
  says(await bench.begin(member), 401, { outcome: 'challenge' });
  const wrong = ['recovery code): ', '000000'] as const;
  const out = await login(member, [password, wrong, wrong, wrong], secret);
  assert.doesNotMatch(out.output, /^came in/m, 'out of the group he is asked all the same');
  execFileSync('usermod', ['-aG', group, outsider]);
  says(await bench.begin(outsider), 401, { outcome: 'enrol' });
});
