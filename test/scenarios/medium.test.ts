// Owns the proof that what an answer rests on is on the medium before the answer leaves, and that a medium which fails lets nobody in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Bench, lacking } from './bench.ts';
import { type Reply, says } from './client.ts';
import { traced } from './strace.ts';

const skip = lacking('strace');
const WRITES = ['-e', 'trace=pwrite64,fsync,fdatasync,rename,write,writev'];

/** Where in the trace each thing happened: the last write to a file, its flush, and the answer. */
function order(trace: readonly string[], file: string, status: number) {
  const answer = trace.findIndex(
    (line) => /^writev?\(\d+<socket:/.test(line) && line.includes(`HTTP/1.1 ${status}`),
  );
  const before = trace.slice(0, answer);
  const written = before.findLastIndex((line) => /^p?write/.test(line) && line.includes(`/${file}>`));
  const flushed = before.findLastIndex(
    (line) => /^f(data)?sync\(/.test(line) && line.includes(`/${file}>`) && / = 0$/.test(line),
  );
  return { answer, written, flushed };
}

function assertFlushedFirst(trace: readonly string[], file: string, status: number): void {
  const { answer, written, flushed } = order(trace, file, status);
  assert.ok(answer >= 0, `the trace shows the ${status}:\n${trace.join('\n')}`);
  assert.ok(written >= 0, `${file} was written before the ${status}:\n${trace.join('\n')}`);
  assert.ok(flushed > written, `${file} was flushed before the ${status}:\n${trace.join('\n')}`);
}

test('the spent step is flushed before the 200, the counted failure before the 403', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const login = await bench.challenged('alice');
  const answer = { login, user: 'alice', method: 'totp' };
  const refused = await traced(bench, WRITES, async () => {
    says(await bench.login('answer', { ...answer, code: phone.wrong(bench.now) }), 403);
  });
  assertFlushedFirst(refused, 'state.db-wal', 403);
  const accepted = await traced(bench, WRITES, async () => {
    says(await bench.login('answer', { ...answer, code: phone.code(bench.now) }), 200);
  });
  assertFlushedFirst(accepted, 'state.db-wal', 200);
});

test('a spent recovery code is in the database and in the roster before the 200', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const { recoveryCodes } = await bench.enrolled('alice');
  const login = await bench.challenged('alice');
  const answer = { login, user: 'alice', method: 'recovery-code', code: recoveryCodes[0] };
  const trace = await traced(bench, WRITES, async () => {
    says(await bench.login('answer', answer), 200);
  });
  assertFlushedFirst(trace, 'state.db-wal', 200);
  assertFlushedFirst(trace, 'roster.new', 200);
  const renamed = trace.findIndex((line) => line.startsWith('rename(') && line.includes('/etc/roster"'));
  const folder = trace.findIndex((line, i) => i > renamed && /^fsync\(\d+<[^>]*\/etc>\)/.test(line));
  assert.ok(renamed >= 0 && folder > renamed && order(trace, 'roster.new', 200).answer > folder);
});

/** A commit fails as it is written (then nothing of it stays), or as it is flushed (then nobody knows). */
for (const failing of ['pwrite64:error=ENOSPC', 'fsync,fdatasync:error=EIO']) {
  test(`${failing}: 503 for all who shared the commit, and no guess of it was for nothing`, {
    skip,
  }, async (t) => {
    const bench = await Bench.started(t);
    const alice = await bench.enrolled('alice');
    const bob = await bench.enrolled('bob');
    const carol = await bench.enrolled('carol');
    const answers = [
      { user: 'alice', code: alice.wrong(bench.now) },
      { user: 'bob', code: bob.code(bench.now) },
      { user: 'carol', code: carol.code(bench.now) },
    ];
    const logins = await Promise.all(answers.map(({ user }) => bench.challenged(user)));
    const replies: Reply[] = [];
    const [calls = ''] = failing.split(':');
    await traced(bench, ['-e', `trace=${calls}`, '-e', `inject=${failing}`], async () => {
      const bodies = answers.map((answer, i) => ({ ...answer, login: logins[i], method: 'totp' }));
      replies.push(...(await Promise.all(bodies.map((body) => bench.login('answer', body)))));
      assert.notDeepEqual(await bench.troubles(), []);
    });
    for (const reply of replies) says(reply, 503, { code: 'store-unavailable' });

    await writableAgain(bench);
    for (const { user, code } of answers.slice(1)) {
      const again = [await bench.tries(user, code), await bench.tries(user, code)];
      assert.ok(again.filter(({ status }) => status === 200).length <= 1);
    }
    says(await bench.tries('alice', alice.wrong(bench.now)), 403, { because: 'clock-unsure' });
    const { strangers = 0 } = (await bench.user('alice')).failures ?? {};
    assert.ok(strangers >= 2, 'the guess that was not written, and this one');
    bench.pass(30);
    says(await bench.tries('bob', bob.code(bench.now)), 200);
    // While its medium failed the daemon may have gone on in memory; it looks at the medium every ten seconds.
    await bench.until(async () => (await bench.troubles()).length === 0);
  });
}

/** Asks until the daemon is up again. A run of the command line takes long enough not to be a busy wait. */
async function writableAgain(bench: Bench): Promise<void> {
  for (let i = 0; i < 40; i++) if ((await bench.cli(['status', '--json'])).code !== 2) return;
  assert.fail('the daemon did not come back by itself');
}
