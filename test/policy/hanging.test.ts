// Owns the proof that a user directory that hangs for half a minute keeps no login waiting beyond its deadline.

import assert from 'node:assert/strict';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createCachedDirectory } from '../../daemon/accounts/cache.ts';
import { createNssDirectory } from '../../daemon/accounts/nss.ts';
import { begin } from '../../daemon/login/begin.ts';
import { elapsed } from '../../daemon/native/elapsed.ts';
import { makeHouse } from '../service/house.ts';
import { enrolled, NOW, temporaryFolder } from '../store/board.ts';
import { policy } from './rules.ts';

const LOOK_UP = 1_000;

test('NSS hangs for 30 s: who is known comes from the cache, who is not is refused with the cause', async (t) => {
  const folder = temporaryFolder(t);
  const hangs = join(folder, 'hangs');
  const program = (name: string, answer: string) => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n[ -e ${hangs} ] && exec sleep 30\n${answer}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const getent = program('getent', 'for name do :; done; printf "%s:x:1001:100::/home/x:/bin/sh\\n" "$name"');
  const id = program('id', 'printf "users\\0family\\0"');
  const house = await makeHouse(t);
  let days = 0;
  const nss = createNssDirectory({ timeout: LOOK_UP, kill: process.kill.bind(process), getent, id });
  const parts = { ...house.parts, directory: createCachedDirectory(nss, () => (days += 86_400_000)) };
  await parts.state.write((tables) =>
    tables.policies.put(policy(2, { scope: 'specific', groups: ['family'] }), NOW),
  );
  await enrolled(parts.state, 'alice', 1000);
  const timed = async (user: string) => {
    const from = elapsed();
    const begun = await begin(parts, { user, service: 'web' });
    return { came: begun.kind === 'deny' ? begun.because : begun.kind, took: elapsed() - from };
  };
  assert.equal((await timed('bob')).came, 'enrol');

  writeFileSync(hangs, '');
  t.after(() => rmSync(hangs, { force: true }));
  const [alice, bob, eve] = await Promise.all(['alice', 'bob', 'eve'].map(timed));
  assert.equal(alice?.came, 'challenge');
  assert.ok((alice?.took ?? 9e9) < LOOK_UP, `who has enrolled waits for nobody: ${alice?.took} ms`);
  assert.equal(bob?.came, 'enrol', 'his groups as last known');
  assert.equal(eve?.came, 'directory-unavailable');
  for (const one of [bob, eve])
    assert.ok((one?.took ?? 9e9) < 4 * LOOK_UP, `within the deadline: ${one?.took} ms`);
});
