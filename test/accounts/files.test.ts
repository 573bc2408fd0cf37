// Owns the proof that the files under --root answer as NSS would.

import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { Directory } from '../../daemon/accounts/directory.ts';
import { createFilesDirectory } from '../../daemon/accounts/files.ts';

let folder = '';
let directory: Directory;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'files-'));
  await writeFile(
    join(folder, 'passwd'),
    `# demonstration users
alice:x:1000:1000:Alice:/home/alice:/bin/sh
alias:x:1000:1000::/home/alice:/bin/sh
bob:x:1001:4444::/home/bob:/bin/sh
1001:x:1002:1000::/:/bin/sh

`,
  );
  await writeFile(join(folder, 'group'), 'alice:x:1000:\nsudo:x:27:alice\ndomain users:x:2000:alice,bob\n');
  directory = createFilesDirectory(folder);
});
afterEach(() => rm(folder, { recursive: true }));

async function who(name: string): Promise<string> {
  const answer = await directory.resolve(name);
  return answer.kind === 'found' ? `${answer.account.name} ${answer.account.uid}` : answer.kind;
}

test('names, a second name of one uid, numbers, and what is no name', async () => {
  assert.equal(await who('alice'), 'alice 1000');
  assert.equal(await who('alias'), 'alias 1000');
  assert.equal(await who('1000'), 'alice 1000');
  assert.equal(await who('1001'), '1001 1002');
  for (const name of ['Alice', 'carol', '4294967296', '', '-h', '# demonstration users', 'alice\n']) {
    assert.equal(await who(name), 'unknown', name);
  }
});

test('groups: the primary one first, a nameless one as its number', async () => {
  const [alice, , bob] = await directory.list();
  assert.ok(alice && bob);
  assert.deepEqual(await directory.groups(alice), ['alice', 'sudo', 'domain users']);
  assert.deepEqual(await directory.groups(bob), ['4444', 'domain users']);
});

test('a change is seen, in place and by rename', async () => {
  await who('alice');
  const passwd = join(folder, 'passwd');
  await writeFile(passwd, 'carol:x:1003:1003::/home/carol:/bin/sh\n');
  assert.equal(await who('carol'), 'carol 1003');
  assert.equal(await who('alice'), 'unknown');
  await writeFile(`${passwd}.new`, 'carol:x:1004:1003::/home/carol:/bin/sh\n');
  await rename(`${passwd}.new`, passwd);
  assert.equal(await who('carol'), 'carol 1004');
});

test('a missing file and a malformed line are no evidence that anybody does not exist', async () => {
  const passwd = join(folder, 'passwd');
  const [alice] = await directory.list();
  assert.ok(alice);
  await writeFile(passwd, 'alice:x:1000:1000:Alice:/home/alice:/bin/sh\nbob:x:oops\n');
  assert.equal(await who('alice'), 'unavailable');
  await rm(passwd);
  assert.equal(await who('alice'), 'unavailable');
  await assert.rejects(directory.list(), { code: 'directory-unavailable' });
  await rm(join(folder, 'group'));
  await assert.rejects(directory.groups(alice), { code: 'directory-unavailable' });
});
