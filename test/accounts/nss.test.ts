// Owns the proof that NSS is asked rightly and that no answer of it, or lack of one, is misread.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { Account } from '../../daemon/accounts/account.ts';
import type { Directory } from '../../daemon/accounts/directory.ts';
import { createNssDirectory, type NssOptions } from '../../daemon/accounts/nss.ts';

const kill = (pid: number, signal: 'SIGKILL') => process.kill(pid, signal);
const LONG = 20_000;
const ALICE = 'alice:x:1000:1000::/home/alice:/bin/sh';
const alice: Account = { name: 'alice', uid: 1000, gid: 1000, home: '/home/alice', shell: '/bin/sh' };

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nss-'));
});
after(() => rm(folder, { recursive: true }));

let scripts = 0;
async function script(body: string): Promise<string> {
  const path = join(folder, `program-${++scripts}`);
  await writeFile(path, `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  return path;
}

function nss(options: Partial<NssOptions> = {}): Directory {
  return createNssDirectory({ timeout: LONG, kill, ...options });
}

async function answering(body: string, timeout = LONG): Promise<Directory> {
  return nss({ getent: await script(body), timeout });
}

async function lineCount(path: string): Promise<number> {
  return existsSync(path) ? (await readFile(path, 'utf8')).split('\n').length - 1 : 0;
}

test('the system itself: root by name and by number, an unknown user, groups, the list', async () => {
  const directory = nss();
  const root = await directory.resolve('root');
  assert.ok(root.kind === 'found');
  assert.deepEqual([root.account.name, root.account.uid, root.stale], ['root', 0, false]);
  const zero = await directory.resolve('0');
  assert.ok(zero.kind === 'found');
  assert.equal(zero.account.name, 'root');
  assert.deepEqual(await directory.resolve('no-such-user-here'), { kind: 'unknown' });
  assert.deepEqual(await directory.resolve('3999999999'), { kind: 'unknown' });
  assert.ok((await directory.groups(root.account)).includes('root'));
  assert.ok((await directory.list()).some(({ uid }) => uid === 0));
});

test('a number beyond the highest uid is nobody, and not what is left of it in 32 bits', async () => {
  assert.deepEqual(await nss().resolve('4294967296'), { kind: 'unknown' });
});

test('a name reaches getent as one argument after "--", with nothing of the environment', async () => {
  const said = join(folder, 'said');
  const directory = await answering(
    `printf '%s\\0' "$@" > ${said}; cat /proc/$$/environ > ${said}.env; exit 2`,
  );
  for (const name of ['$(touch x)', '`id`', 'a;b', "a'b", 'a"b', '*', 'DOM\\alice', 'x y', '&', '张伟']) {
    assert.deepEqual(await directory.resolve(name), { kind: 'unknown' });
    assert.deepEqual((await readFile(said, 'utf8')).split('\0'), ['passwd', '--', name, '']);
  }
  const environment = (await readFile(`${said}.env`, 'utf8')).split('\0').filter((item) => item !== '');
  assert.deepEqual(environment.sort(), ['LANG=C', 'LC_ALL=C', 'PATH=/usr/bin:/bin']);
});

test('what cannot be a name is unknown without asking', async () => {
  const asked = join(folder, 'asked');
  const directory = await answering(`echo >> ${asked}; echo '${ALICE}'`);
  const names = ['', '-h', '--help', '+', '+alice', 'a\nb', 'a\u0000b', 'a:b', 'a/b', 'n'.repeat(10_240)];
  for (const name of names) assert.deepEqual(await directory.resolve(name), { kind: 'unknown' }, name);
  assert.equal(await lineCount(asked), 0);
});

test('the canonical name is what NSS says; of several lines the first counts', async () => {
  const directory = await answering(`echo '${ALICE}'; echo 'bob:x:1001:1001:::'`);
  for (const name of ['Alice', 'EXAMPLE\\alice', 'alice@example.com']) {
    assert.deepEqual(await directory.resolve(name), { kind: 'found', account: alice, stale: false });
  }
});

const NO_EVIDENCE: Readonly<Record<string, string>> = {
  garbage: 'echo hello',
  'nothing, successfully': 'exit 0',
  'an empty line': 'echo',
  'a line without an end': `printf '${ALICE}'`,
  'a uid out of range': 'echo alice:x:4294967295:1000::/home/alice:/bin/sh',
  'six fields': 'echo alice:x:1000:1000:/home/alice:/bin/sh',
  'bytes that are no UTF-8 in the name': "printf 'al\\377ice:x:1000:1000::/home/alice:/bin/sh\\n'",
  'a megabyte': 'head -c 1000000 /dev/zero | tr "\\0" a; echo',
  'a good line and then a megabyte': `echo '${ALICE}'; head -c 1000000 /dev/zero`,
  'exit status 1': `echo '${ALICE}'; exit 1`,
  'exit status 2 with a line': `echo '${ALICE}'; exit 2`,
  'exit status 3': 'exit 3',
  'exit status 127': 'exit 127',
  'its own death': `echo '${ALICE}'; kill -9 $$`,
};

for (const [what, body] of Object.entries(NO_EVIDENCE)) {
  test(`an answer of ${what} is no evidence`, async () => {
    assert.deepEqual(await (await answering(body)).resolve('alice'), { kind: 'unavailable' });
  });
}

test('exit status 2 without a word is "unknown"', async () => {
  assert.deepEqual(await (await answering('exit 2')).resolve('alice'), { kind: 'unknown' });
});

test('a program that is not there, or may not be run, is "unavailable"', async () => {
  assert.deepEqual(await nss({ getent: '/nonexistent/getent' }).resolve('alice'), { kind: 'unavailable' });
  assert.deepEqual(await nss({ getent: folder }).resolve('alice'), { kind: 'unavailable' });
});

test('one that hangs is killed at the time-out, with all it started', async () => {
  const pipe = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const directory = await answering(`exec 3> ${pipe}; sleep 1000 & sleep 1000`, 200);
  const stream = createReadStream(pipe).resume();
  const everyWriterIsGone = once(stream, 'end');
  assert.deepEqual(await directory.resolve('alice'), { kind: 'unavailable' });
  await everyWriterIsGone;
});

test('a grandchild that keeps the output open does not keep the caller', async () => {
  const pipe = join(folder, 'pipe-kept');
  await promisify(execFile)('mkfifo', [pipe]);
  const directory = await answering(`exec 3> ${pipe}; sleep 1000 & echo '${ALICE}'`, 200);
  const everyWriterIsGone = once(createReadStream(pipe).resume(), 'end');
  assert.deepEqual(await directory.resolve('alice'), { kind: 'unavailable' });
  await everyWriterIsGone;
});

test('a slot is free again after a time-out and after a flood of output', async () => {
  const flag = join(folder, 'second');
  const getent = await script(
    `case $3 in hang) sleep 1000;; flood) cat /dev/zero;; *) echo '${ALICE}';; esac; : > ${flag}`,
  );
  const directory = nss({ getent, concurrent: 1, timeout: 1_000 });
  assert.deepEqual(await directory.resolve('hang'), { kind: 'unavailable' });
  assert.deepEqual(await directory.resolve('flood'), { kind: 'unavailable' });
  assert.equal((await directory.resolve('alice')).kind, 'found');
});

test('waiting for a slot counts: nobody waits longer than the time-out', async () => {
  const asked = join(folder, 'asked-hanging');
  const getent = await script(`echo >> ${asked}; sleep 1000`);
  const directory = nss({ getent, concurrent: 1, timeout: 300 });
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((name) => directory.resolve(name)));
  assert.deepEqual(new Set(answers.map(({ kind }) => kind)), new Set(['unavailable']));
  assert.equal(await lineCount(asked), 1);
});

test('no more run at once than allowed', async () => {
  const lock = join(folder, 'lock');
  const getent = await script(
    `mkdir ${lock} || { echo overlap; exit 0; }; sleep 0.02; rmdir ${lock}; echo "$3:x:1000:1000:::"`,
  );
  const directory = nss({ getent, concurrent: 1 });
  const answers = await Promise.all([...'abcdefgh'].map((name) => directory.resolve(name)));
  assert.deepEqual(
    answers.map((answer) => answer.kind === 'found' && answer.account.name),
    [...'abcdefgh'],
  );
});

test('fifty look-ups of one name at once are one program; a later one asks again', async () => {
  const asked = join(folder, 'asked-fifty');
  const directory = await answering(`echo >> ${asked}; echo '${ALICE}'`);
  const answers = await Promise.all(Array.from({ length: 50 }, () => directory.resolve('alice')));
  assert.ok(answers.every(({ kind }) => kind === 'found'));
  assert.equal(await lineCount(asked), 1);
  await directory.resolve('alice');
  assert.equal(await lineCount(asked), 2);
});

test('a list that NSS will not give, or no groups, is a fault', async () => {
  const unavailable = { code: 'directory-unavailable' };
  await assert.rejects((await answering('exit 3')).list(), unavailable);
  for (const body of [
    'exit 1',
    'exit 0',
    'printf users',
    "printf 'users\\0'; exit 2",
    'head -c 1000000 /dev/zero',
  ]) {
    await assert.rejects(nss({ id: await script(body) }).groups(alice), unavailable, body);
  }
});

test('a list of groups that broke off is a fault; one with a nameless group is not', async () => {
  const id = (numbers: string) =>
    script(`if [ "$1" = -Gz ]; then printf '${numbers}'; else printf 'users\\0004444\\000'; exit 1; fi`);
  const broken = nss({ id: await id('100\\0004444\\00027\\000') });
  await assert.rejects(broken.groups(alice), { code: 'directory-unavailable' });
  const whole = nss({ id: await id('100\\0004444\\000') });
  assert.deepEqual(await whole.groups(alice), ['users', '4444']);
});

const WRAPPER = globSync('/usr/lib/*/libnss_wrapper.so')[0];

test('real getent and id over other users', {
  skip: !WRAPPER && 'needs Debian’s libnss-wrapper',
}, async () => {
  const passwd = join(folder, 'passwd');
  const group = join(folder, 'group');
  await writeFile(
    passwd,
    `root:x:0:0:root:/root:/bin/bash\n${ALICE}\nalias:x:1000:1000:::/bin/sh\n1000:x:1005:1000:::/bin/sh\norphan:x:1006:4444:::\n`,
  );
  await writeFile(group, 'alice:x:1000:\ndomain users:x:2000:alice\nsudo:x:27:alice\n');
  const environment = `LD_PRELOAD=${WRAPPER} NSS_WRAPPER_PASSWD=${passwd} NSS_WRAPPER_GROUP=${group}`;
  const directory = nss({
    getent: await script(`${environment} exec /usr/bin/getent "$@"`),
    id: await script(`${environment} exec /usr/bin/id "$@"`),
  });
  const accountOf = async (name: string) => {
    const answer = await directory.resolve(name);
    return answer.kind === 'found' ? `${answer.account.name} ${answer.account.uid}` : answer.kind;
  };
  assert.equal(await accountOf('alice'), 'alice 1000');
  assert.equal(await accountOf('alias'), 'alias 1000');
  assert.equal(await accountOf('1000'), '1000 1005');
  assert.equal(await accountOf('1005'), '1000 1005');
  assert.equal(await accountOf('1006'), 'orphan 1006');
  assert.equal(await accountOf('1007'), 'unknown');
  assert.deepEqual(await directory.groups(alice), ['alice', 'domain users', 'sudo']);
  const orphan: Account = { name: 'orphan', uid: 1006, gid: 4444, shell: '' };
  assert.deepEqual(await directory.groups(orphan), ['4444']);
  await assert.rejects(directory.groups({ ...alice, name: 'gone' }), { code: 'directory-unavailable' });
  assert.equal((await directory.list()).length, 5);
});
