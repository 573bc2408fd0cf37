// Owns the proof of what the executable is: the same bytes each time, little more than Node, and known in every part.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ARM64, board, DIST, missing, run, started, X64 } from './bench.ts';

const ROOT = join(DIST, '..');
const skip = missing(X64, ARM64);
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

test('the same sources give the same bytes, wherever they lie', { skip }, (t) => {
  const before = [X64, ARM64, `${X64}.cdx.json`, `${ARM64}.cdx.json`].map(digest);
  t.diagnostic(execFileSync(join(ROOT, 'scripts/build'), ['--arch', 'all'], { encoding: 'utf8' }));
  assert.deepEqual([X64, ARM64, `${X64}.cdx.json`, `${ARM64}.cdx.json`].map(digest), before);
  for (const file of [X64, ARM64, `${X64}.cdx.json`])
    assert.equal(readFileSync(file).indexOf(ROOT), -1, `${file} names the folder it was built in`);
});

test('it is at most 1.10 times its stripped Node', { skip }, () => {
  for (const [file, arch] of [
    [X64, 'x64'],
    [ARM64, 'arm64'],
  ] as const) {
    const base = join(ROOT, '.dev/build', arch, 'node');
    assert.ok(statSync(file).size <= 1.1 * statSync(base).size);
  }
});

test('it lists the versions of everything inside, and so does its bill of materials', { skip }, () => {
  const { code, said } = run([X64, 'version', '--json']);
  assert.equal(code, 0, said);
  const { version, runtime, packages } = JSON.parse(said);
  const manifest = read(join(ROOT, 'package.json'));
  assert.equal(version, manifest.version);
  assert.equal(runtime.node, manifest.devDependencies.node);
  assert.ok(runtime.openssl && runtime.sqlite && runtime.v8);
  for (const name of Object.keys(manifest.dependencies)) {
    const one = packages.find((item: { name: string }) => item.name === name);
    assert.equal(one?.version, manifest.dependencies[name], name);
    assert.ok(one.licence, name);
  }
  for (const file of [X64, ARM64]) {
    const bill = read(`${file}.cdx.json`);
    assert.equal(bill.bomFormat, 'CycloneDX');
    assert.equal(bill.metadata.component.hashes[0].content, digest(file));
    const parts: { group?: string; name: string; version: string; licenses?: unknown[] }[] = bill.components;
    const named = parts.map(({ group, name, version: its }) => `${group ? `${group}/` : ''}${name} ${its}`);
    for (const one of packages) assert.ok(named.includes(`${one.name} ${one.version}`), one.name);
    assert.ok(named.includes(`node ${runtime.node}`));
    for (const part of parts) assert.ok(part.licenses?.length, `${part.name} has a licence`);
  }
});

test('a truncated executable serves nothing', { skip }, async (t) => {
  const root = board(t);
  const whole = readFileSync(X64);
  // Of the last half a per mille nothing is loaded: they are the headers of sections.
  for (const share of [0.0001, 0.3, 0.95, 0.98, 0.99]) {
    const file = join(root, `cut-${share}`);
    writeFileSync(file, whole);
    truncateSync(file, Math.floor(whole.length * share));
    chmodSync(file, 0o755);
    const ending = await started(t, [file, 'serve', '--root', root]);
    assert.equal(ending.ready, false, `${share} of it served`);
    assert.notEqual(ending.code, 0, `${share} of it ended as if all were well`);
  }
});

test('the executable of another processor says so', { skip }, async (t) => {
  const root = board(t);
  const { ready, code, said } = await started(t, ['sh', '-c', '"$0" "$@"', ARM64, 'serve', '--root', root]);
  if (code === 0) t.skip('this machine runs programs of arm64');
  else {
    assert.equal(ready, false);
    assert.equal(code, 126);
    assert.match(said, /Exec format error/);
  }
});
