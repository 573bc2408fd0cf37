// Owns the proof that the client tells every way a conversation with the daemon can go wrong.

import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { adminClient } from '../../daemon/cli/client.ts';
import type { Fault } from '../../daemon/kernel/fault.ts';
import { type Canned, type FakeDaemon, fakeDaemon } from './bench.ts';
import { alice, policy, well } from './canned.ts';

const client = (daemon: FakeDaemon, patience?: number) =>
  adminClient({
    socketPath: join(daemon.root, 'run', 'admin.sock'),
    startHint: 'start it',
    ...(patience !== undefined && { patience }),
  });

const code = (expected: string) => (error: Fault) => {
  assert.equal(error.code, expected);
  assert.notEqual(error.message, '');
  return true;
};

test('a reply of the contract comes back typed, with its ETag', async () => {
  await using daemon = await fakeDaemon(well);
  const { status, body, etag } = await client(daemon).call('policy', {});
  assert.deepEqual([status, body, etag], [200, policy, '"7"']);
});

test('a name travels as one segment, whatever is in it', async () => {
  await using daemon = await fakeDaemon({ ...well, user: () => ({ status: 200, body: alice }) });
  await client(daemon).call('user', { params: { name: 'DOM\\王?#%' } });
  assert.deepEqual(daemon.asked[0]?.params, { name: 'DOM\\王?#%' });
});

test('a name that the contract refuses never leaves, and is not repeated', async () => {
  await using daemon = await fakeDaemon(well);
  for (const name of ['', 'a/b', '-x', ' a', 'a\x1b'])
    await assert.rejects(client(daemon).call('user', { params: { name } }), code('usage'));
  assert.equal(daemon.asked.length, 0);
});

const STRANGE: Readonly<Record<string, Canned>> = {
  'a document of another shape': { status: 200, body: { state: 'fine' } },
  'half a document': { status: 200, body: '{"state": "hea' },
  'no document at all': { status: 200 },
  'a status that is not in the contract': { status: 202, body: {} },
  'an error that is not a problem document': { status: 502, body: '<html>Bad Gateway</html>' },
};

for (const [name, canned] of Object.entries(STRANGE))
  test(`${name} is not believed`, async () => {
    await using daemon = await fakeDaemon({ status: () => canned });
    await assert.rejects(client(daemon).call('status', {}), code('internal'));
  });

test('a daemon that takes the question and never answers is given up', async () => {
  await using daemon = await fakeDaemon({});
  await assert.rejects(client(daemon, 50).call('status', {}), (error: Fault) => {
    assert.match(error.message, /did not answer in time/);
    return code('daemon-unreachable')(error);
  });
});

test('no socket, and a file in its place, are a daemon that does not run', async () => {
  await using daemon = await fakeDaemon({});
  const at = (name: string) => adminClient({ socketPath: join(daemon.root, name), startHint: 'start it' });
  await writeFile(join(daemon.root, 'file'), '');
  for (const name of ['absent', 'file'])
    await assert.rejects(at(name).call('status', {}), (error: Fault) => {
      assert.match(error.message, /does not run/);
      assert.equal(error.hint, 'start it');
      return code('daemon-unreachable')(error);
    });
  await assert.rejects(at('x'.repeat(200)).call('status', {}), code('daemon-unreachable'));
});
