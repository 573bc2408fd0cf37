// Tests the data partition on a real block device: made once, found again after flashing, repaired, and never formatted while in use.

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { layOut } from '../../image/layout.ts';
import { folder, PROJECT } from './images.ts';
import { reasonToSkip } from './reason.ts';

const MIB = 2 ** 20;
const LAYOUT = layOut('x86', 1024);
const PROGRAM = join(PROJECT, 'image/overlay/usr/lib/fygo-image/data-partition');

function sh(script: string, ...words: readonly string[]): string {
  return execFileSync('sh', ['-ec', script, 'sh', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A medium of `mib` as a block device, on which an image without contents was flashed. */
class Board {
  readonly #place: string;
  readonly #device: string;
  readonly #image: string;

  constructor(t: TestContext, mib: number) {
    this.#place = folder(t);
    this.#image = join(this.#place, 'image');
    const medium = join(this.#place, 'medium');
    for (const [file, bytes] of [
      [this.#image, LAYOUT.bytes],
      [medium, mib * MIB],
    ] as const) {
      writeFileSync(file, '');
      truncateSync(file, bytes);
    }
    execFileSync('sfdisk', ['--quiet', this.#image], { input: LAYOUT.script });
    this.#device = sh('losetup --find --show "$1"', medium).trim();
    t.after(() => sh('partx --delete "$1" || :; losetup --detach "$1"', this.#device));
    mkdirSync(join(this.#place, 'bin'));
    mkdirSync(join(this.#place, 'mnt'));
    writeFileSync(join(this.#place, 'bin/findmnt'), `#!/bin/sh\necho ${this.#device}p2\n`, { mode: 0o755 });
    const start = join(this.#place, 'start');
    writeFileSync(start, `${LAYOUT.dataSector}\n`);
    const program = readFileSync(PROGRAM, 'utf8').replace('/usr/lib/fygo-image/data-start', start);
    writeFileSync(join(this.#place, 'program'), program);
    this.flash();
  }

  /** What writing an image does to the two partition tables. */
  flash(): void {
    sh('partx --delete "$1" 2>&1 || :', this.#device);
    sh(
      'dd if="$2" of="$1" bs=1M conv=notrunc,fsync status=none && partx --add "$1"',
      this.#device,
      this.#image,
    );
  }

  /** What the first boot runs; what it said, and how it ended. */
  boot(): { said: string; status: number | null } {
    const { stdout, status } = spawnSync('timeout', ['60', 'sh', join(this.#place, 'program')], {
      encoding: 'utf8',
      env: { ...process.env, PATH: `${join(this.#place, 'bin')}:${process.env.PATH}` },
    });
    return { said: stdout, status };
  }

  rename(to: string): void {
    sh('sfdisk --quiet --no-reread --no-tell-kernel --part-label "$1" 3 "$2" 2>&1', this.#device, to);
  }

  names(): string {
    return sh('sfdisk --dump "$1" 2>&1', this.#device);
  }

  write(text: string): void {
    sh(
      'mount "$1p3" "$2" && echo "$3" >"$2/file" && umount "$2"',
      this.#device,
      join(this.#place, 'mnt'),
      text,
    );
  }

  read(): string {
    return sh('mount "$1p3" "$2" && cat "$2/file" && umount "$2"', this.#device, join(this.#place, 'mnt'));
  }

  /** Blocks of 4 KiB from the start of the data partition. */
  zero(blocks: number): void {
    const seek = String(LAYOUT.bytes / 4096);
    sh(
      'dd if=/dev/zero of="$1" bs=4k seek="$2" count="$3" conv=notrunc,fsync status=none && blockdev --flushbufs "$1"',
      this.#device,
      seek,
      String(blocks),
    );
  }
}

test('the data partition', { skip: reasonToSkip() }, async (t) => {
  const board = new Board(t, 2048);

  await t.test('is made behind the image, to the end', () => {
    const { said, status } = board.boot();
    assert.equal(status, 0);
    assert.match(said, /making it on/);
    assert.match(board.names(), new RegExp(`start= *${LAYOUT.dataSector},.*name="fygo-data"`));
    board.write('precious');
  });
  await t.test('is left alone by every boot after that', () => {
    assert.deepEqual(board.boot(), { said: '', status: 0 });
    assert.equal(board.read(), 'precious\n');
  });
  await t.test('is found again after flashing', () => {
    board.flash();
    assert.doesNotMatch(board.names(), /fygo-data/);
    assert.match(board.boot().said, /found on .*, kept/);
    assert.equal(board.read(), 'precious\n');
  });
  await t.test('is kept when power went between making it and naming it', () => {
    board.rename('fygo-data-unfinished');
    assert.match(board.boot().said, /kept/);
    assert.equal(board.read(), 'precious\n');
  });
  await t.test('is repaired from a copy of its superblock, also after flashing', () => {
    board.zero(1);
    assert.match(board.boot().said, /repairing it from its copy in block 32768/);
    assert.equal(board.read(), 'precious\n');
    board.flash();
    board.zero(1);
    assert.match(board.boot().said, /repairing it/);
    assert.equal(board.read(), 'precious\n');
  });
  await t.test('is never formatted once it was in use', () => {
    board.zero(LAYOUT.bytes / 4096 - 1024);
    const { said, status } = board.boot();
    assert.equal(status, 1);
    assert.match(said, /It is left alone/);
  });
  await t.test('is made anew when power went while it was made', () => {
    board.rename('fygo-data-unfinished');
    const { said, status } = board.boot();
    assert.equal(status, 0);
    assert.match(said, /making it on/);
  });
});

test('a medium without room for data is refused', { skip: reasonToSkip() }, (t) => {
  const { said, status } = new Board(t, 1024 + 32).boot();
  assert.equal(status, 1);
  assert.match(said, /no room for it behind the image/);
});
