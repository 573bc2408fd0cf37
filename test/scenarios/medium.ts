// Owns a medium of a scenario: a small ext4 in a file, which can be filled, go read-only, and come back.

import { execFileSync, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench } from './bench.ts';

const run = (command: string, ...words: readonly string[]) =>
  execFileSync(command, words, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });

/** Why no medium can be mounted here; `false` where it can. */
export function mountless(): string | false {
  if (process.getuid?.() !== 0) return 'needs root to mount a medium';
  const probe = spawnSync('losetup', ['--find']);
  return probe.error || probe.status !== 0 ? 'needs a loop device' : false;
}

export class Medium {
  readonly #folder = mkdtempSync(join(tmpdir(), 'fygo-medium-'));
  readonly #image = join(this.#folder, 'image');
  readonly #at: string;
  #mounted = false;

  private constructor(at: string, mebibytes: number) {
    this.#at = at;
    writeFileSync(this.#image, '');
    truncateSync(this.#image, mebibytes * 1_048_576);
    // No blocks reserved for root: what is full is full for the daemon too.
    run('mkfs.ext4', '-q', '-F', '-m', '0', '-O', '^has_journal', this.#image);
    mkdirSync(at, { recursive: true, mode: 0o700 });
    this.#mount();
  }

  /** Mounted in one of the bench's folders until the test is over. */
  static mounted(bench: Bench, folder: string, mebibytes = 8): Medium {
    const medium = new Medium(bench.file(folder), mebibytes);
    bench.mounts.push(() => medium.#clear());
    return medium;
  }

  /** As after an error that the kernel met: whatever is open, every write fails from now on. */
  refuse(): void {
    run('mount', '-o', 'remount,abort', this.#at);
  }

  /** What a check and a new start do to a medium that refused; nobody may use it now. */
  repair(): void {
    this.#unmount();
    spawnSync('e2fsck', ['-f', '-y', this.#image]);
    this.#mount();
  }

  readOnly(): void {
    run('mount', '-o', 'remount,ro', this.#at);
  }

  writable(): void {
    run('mount', '-o', 'remount,rw', this.#at);
  }

  /** Fills it to the last block. */
  fill(): void {
    const file = openSync(join(this.#at, 'filler'), 'a');
    try {
      for (let size = 65_536; size >= 1; size = size === 65_536 ? 1_024 : size === 1_024 ? 1 : 0) {
        try {
          for (;;) writeSync(file, Buffer.alloc(size));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
        }
        if (size === 1) break;
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the space back. */
  empty(): void {
    rmSync(join(this.#at, 'filler'), { force: true });
  }

  /** Free bytes. */
  get room(): number {
    const { bavail, bsize } = statfsSync(this.#at);
    return bavail * bsize;
  }

  #mount(): void {
    run('mount', '-o', 'loop', this.#image, this.#at);
    this.#mounted = true;
  }

  #unmount(): void {
    if (this.#mounted) run('umount', this.#at);
    this.#mounted = false;
  }

  #clear(): void {
    this.#unmount();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
