// Owns the bytes that reach a block device: an ext4 of its own on a loop device, counted by the kernel.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Seeded } from './board.ts';
import { type Peer, prepare } from './peers.ts';

const SECTOR = 512;

/**
 * Runs `work` on a mounted ext4 (4 KiB blocks), the only one in `folder`.
 * @param work its `written` counts the bytes that reached the device so far
 * @param options of the mount, as mount(8) takes them
 */
export async function onDevice<T>(
  folder: string,
  work: (mount: string, written: () => number) => Promise<T>,
  options = 'noatime',
): Promise<T> {
  const image = join(folder, 'device.img');
  const mount = join(folder, 'device');
  mkdirSync(mount, { recursive: true });
  execFileSync('truncate', ['-s', '512M', image]);
  execFileSync('mkfs.ext4', ['-q', '-b', '4096', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image]);
  const loop = String(execFileSync('losetup', ['--find', '--show', image])).trim();
  execFileSync('mount', ['-o', options, loop, mount]);
  const written = () => {
    execFileSync('sync', ['-f', mount]);
    const fields = readFileSync(`/sys/block/${loop.replace('/dev/', '')}/stat`, 'utf8')
      .trim()
      .split(/\s+/);
    return Number(fields[6]) * SECTOR;
  };
  try {
    return await work(mount, written);
  } finally {
    execFileSync('umount', [mount]);
    execFileSync('losetup', ['-d', loop]);
    rmSync(image);
    rmSync(mount, { recursive: true });
  }
}

/** Bytes of one login through PAM: back to back when `gap` is 0, else one every `gap` ms. */
export function bytesALogin(
  peer: Peer,
  users: readonly Seeded[],
  gap: number,
  folder: string,
  built: string,
): Promise<number> {
  return onDevice(folder, async (mount, written) => {
    const ready = await prepare(peer, users, join(mount, 'peer'), built);
    try {
      const before = written();
      if (gap === 0) await ready.logIn(users);
      else {
        for (const user of users) {
          await ready.logIn([user]);
          await pause(gap);
        }
      }
      return (written() - before) / users.length;
    } finally {
      await ready.stop();
    }
  });
}
