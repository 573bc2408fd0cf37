// Tests what is in an image: the base, what is listed and nothing else; no secret; the same bytes twice; not much larger.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { type TestContext, test } from 'node:test';
import { layOut, USUAL_MIB } from '../../image/layout.ts';
import { build, folder, image, PROJECT } from './images.ts';
import { reasonToSkip } from './reason.ts';

const MOST_GROWTH = 45_000_000;

function command(program: string, ...words: readonly string[]): string {
  return execFileSync(program, words, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The root file system of an image, to be read; gone with the test. */
function mounted(t: TestContext, file: string, place: string): string {
  const { root } = layOut('x86', USUAL_MIB);
  mkdirSync(place);
  command('mount', '-o', `ro,noload,loop,offset=${root.offset},sizelimit=${root.bytes}`, file, place);
  t.after(() => command('umount', place));
  return place;
}

/** Paths that are in one tree only, or differ. */
function differences(one: string, other: string): readonly string[] {
  const said = command(
    'sh',
    '-c',
    'diff --recursive --brief --no-dereference "$1" "$2" || [ $? -eq 1 ]',
    'sh',
    one,
    other,
  );
  return said
    .split('\n')
    .filter((line) => line !== '' && !isSameDevice(line))
    .map((line) => {
      const only = /^Only in (.+): (.+)$/.exec(line);
      const path = only
        ? `${only[1]}/${only[2]}`
        : (/^(?:Files?|Symbolic links) (\S+) /.exec(line)?.[1] ?? line);
      return path.replace(`${one}/`, '').replace(`${other}/`, '');
    });
}

/** diff lists every device; two of one kind and number do not differ. */
function isSameDevice(line: string): boolean {
  const found = /^File (\S+) is a (.+) while file (\S+) is a \2$/.exec(line);
  if (!found) return false;
  const [, one = '', , other = ''] = found;
  return statSync(one).rdev === statSync(other).rdev;
}

/** Every path below a folder, and the folders on the way. */
function pathsBelow(tree: string): readonly string[] {
  return readdirSync(tree, { recursive: true, encoding: 'utf8' });
}

/** `lib` is a link to `usr/lib` in Debian 12. */
function settled(path: string): string {
  return path.replace(/^lib\//, 'usr/lib/');
}

function filesOfPackage(file: string): readonly string[] {
  return command('sh', '-c', 'dpkg-deb --fsys-tarfile "$1" | tar --list', 'sh', file)
    .split('\n')
    .map((path) => settled(path.replace(/^\.\//, '').replace(/\/$/, '')))
    .filter((path) => path !== '');
}

function listed(): readonly string[] {
  const lines = readFileSync(join(PROJECT, 'image/changes.txt'), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(/\s/)[0] ?? '');
}

function packed(tree: string): number {
  return Number(
    command('sh', '-c', 'tar --create --directory "$1" . | zstd -3 --quiet | wc --bytes', 'sh', tree),
  );
}

test('x86: what is in an image', { skip: reasonToSkip() }, async (t) => {
  const place = folder(t);
  const first = image('x86');

  await t.test('two builds give the same bytes', () => {
    const second = join(place, 'second.img');
    build('x86', second);
    assert.equal(command('sh', '-c', `cmp '${first}' '${second}' && echo same`), 'same\n');
  });

  await t.test('nothing that belongs to one device or to nobody else', (t) => {
    const root = mounted(t, first, join(place, 'root'));
    assert.deepEqual(globSync('etc/ssh/ssh_host_*', { cwd: root }), []);
    assert.equal(statSync(join(root, 'etc/machine-id')).size, 0);
    for (const secret of [
      'var/lib/fygo-2fa/**',
      'etc/fygo-2fa/roster*',
      'var/lib/systemd/random-seed',
      'root/.ssh/*',
      'home/*',
    ]) {
      assert.deepEqual(globSync(secret, { cwd: root }), [], secret);
    }
    const shadow = readFileSync(join(root, 'etc/shadow'), 'utf8').trim().split('\n');
    for (const line of shadow) assert.match(line, /^[^:]+:[!*]+:/);
    const found = command(
      'sh',
      '-c',
      'grep --recursive --files-with-matches --binary-files=text --regexp="BEGIN .*PRIVATE KEY-----" "$1/etc" "$1/root" "$1/var" "$1/srv" "$1/opt" || [ $? -eq 1 ]',
      'sh',
      root,
    );
    assert.equal(found, '');
  });

  await t.test('onto a base: exactly what is listed is changed', (t) => {
    const [tar = ''] = globSync(join(PROJECT, '.dev/image/base-amd64-virtual-*.tar'));
    const base = join(place, 'base');
    mkdirSync(base);
    command('tar', '--extract', '--file', tar, '--directory', base);
    const file = join(place, 'onto-base.img');
    build('x86', file, '--base', base);
    const root = mounted(t, file, join(place, 'onto-base'));
    const changed = differences(base, root).filter((path) => path !== 'lost+found');
    const [deb = ''] = globSync(join(PROJECT, 'dist/fygo-2fa_*_amd64.deb'));
    const brought = [
      ...pathsBelow(join(PROJECT, 'image/overlay')),
      'usr/lib/fygo-image/id',
      'usr/lib/fygo-image/data-start',
      ...filesOfPackage(deb),
    ];
    const known = new Set(brought);
    const patterns = listed();
    const surprising = changed.filter(
      (path) => !known.has(path) && !patterns.some((pattern) => matchesGlob(path, pattern)),
    );
    assert.deepEqual(surprising, []);
    const all = new Set([...pathsBelow(root), ...patterns]);
    // The base leaves documentation out.
    const missing = brought.filter((path) => !all.has(path) && !/^usr\/share\/(doc|man|locale)\b/.test(path));
    assert.deepEqual(missing, []);
    const growth = packed(root) - packed(base);
    t.diagnostic(`the daemon adds ${(growth / 1e6).toFixed(1)} MB to a compressed image`);
    assert.ok(growth <= MOST_GROWTH, `${growth} bytes`);
  });
});
