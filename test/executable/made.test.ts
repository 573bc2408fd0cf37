// Owns the proof of what the executable is: the same bytes each time, little more than Node, and known in every part.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { ARM64, among, board, DIST, missing, notRoot, run, started, X64 } from './bench.ts';

const ROOT = join(DIST, '..');
const skip = missing(X64, ARM64);
const digest = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

test('the same sources give the same bytes, wherever they lie', { skip: skip || notRoot }, (t) => {
  const made = [X64, ARM64].flatMap((file) => [file, `${file}.cdx.json`]);
  const elsewhere = mkdtempSync(join(tmpdir(), 'fygo-elsewhere-'));
  t.after(() => rmSync(elsewhere, { recursive: true, force: true }));
  // This very checkout under another path: what a build writes there stays there.
  const there = ['checkout', 'upper', 'work'].map((name) => join(elsewhere, name));
  for (const folder of there) mkdirSync(folder);
  const [checkout = '', upper = '', work = ''] = there;
  const layers = `lowerdir=${ROOT},upperdir=${upper},workdir=${work}`;
  const { code, said } = run(
    among(`mount -t overlay -o ${layers} none ${checkout}; cd ${checkout}`, [
      'scripts/build',
      '--arch',
      'all',
    ]),
  );
  assert.equal(code, 0, said);
  for (const file of made) {
    const again = join(upper, 'dist', basename(file));
    assert.equal(digest(again), digest(file), basename(file));
    for (const path of [ROOT, elsewhere])
      assert.equal(readFileSync(file).indexOf(path), -1, `${file} names the folder it was built in`);
  }
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

/** By bash, which says that a file is no program; what else would start it, sh among it, takes its bytes for a script. */
const asTyped = (...words: readonly string[]) => ['bash', '-c', 'cd /; "$0" "$@"', ...words];

test('a truncated executable serves nothing', { skip }, async (t) => {
  const root = board(t);
  const file = join(root, 'cut');
  writeFileSync(file, readFileSync(X64), { mode: 0o755 });
  const whole = statSync(X64).size;
  // From the longest to the shortest. Of the last half a per mille nothing is loaded: they are the headers of sections.
  const shares = [0.999, 0.99, 0.98, 0.95, 0.9, 0.7, 0.5, 0.3, 0.1, 0.01].map((share) => whole * share);
  for (const length of [...shares, 4096, 64].map(Math.floor)) {
    truncateSync(file, length);
    const ending = await started(t, asTyped(file, 'serve', '--root', root));
    assert.equal(ending.ready, false, `${length} bytes of it served`);
    assert.notEqual(ending.code, 0, `${length} bytes of it ended as if all were well`);
  }
});

test('the executable of another processor says so', { skip }, async (t) => {
  const root = board(t);
  const { ready, code, said } = await started(t, asTyped(ARM64, 'serve', '--root', root));
  if (ready) return t.skip('this machine runs programs of arm64');
  // Where an emulator is registered, it is the emulator that misses the C library.
  assert.notEqual(code, 0);
  assert.match(said, /Exec format error|Could not open '\/lib\/ld-linux-aarch64/);
});
