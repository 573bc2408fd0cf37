// Owns laying the daemon onto the root file system inside a vendor's finished disk image, in place.

import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmdirSync,
  rmSync,
  statfsSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { BuildRequest } from './arguments.ts';
import { checkBase } from './base.ts';
import { findPackage } from './package.ts';
import { ARCHITECTURE } from './packages.ts';
import { Refusal } from './refusal.ts';
import { requireTools, run } from './tools.ts';

const MIB = 1024 * 1024;
/** What the package and what it unpacks need, with room to spare. */
const NEEDED_MIB = 400;

interface Partition {
  readonly node: string;
  readonly start: number;
  readonly size: number;
  readonly type: string;
  readonly name?: string;
}

interface Table {
  readonly partitiontable: { readonly sectorsize?: number; readonly partitions: readonly Partition[] };
}

/** File systems of Linux, in GPT's and in the older table's words. */
const LINUX = /^(83|0FC63DAF-.*|B921B045-.*|4F68BCE3-.*)$/i;

/** The partition that holds the root file system: the one called so, or the largest of Linux. */
export function rootPartition(table: Table): { offset: number; bytes: number } | undefined {
  const { partitions, sectorsize = 512 } = table.partitiontable;
  const candidates = partitions.filter(({ type }) => LINUX.test(type)).sort((a, b) => b.size - a.size);
  const found = candidates.find(({ name }) => /^(.*[-_])?root(fs)?$/i.test(name ?? '')) ?? candidates[0];
  return found && { offset: found.start * sectorsize, bytes: found.size * sectorsize };
}

/**
 * Copies the image and lays the daemon onto the copy's root file system through the kernel, so that every byte outside that
 * partition, and every extended attribute and hard link inside, stays as it was. Needs root. Gives back the path of the copy.
 */
export function layOnto(request: BuildRequest, dist: string, epoch: number, path: string): string {
  requireTools(['chroot', 'dpkg-deb', 'e2fsck', 'mount', 'sfdisk', 'sha256sum', 'umount'], path);
  const vendor = resolve(request.onto ?? '');
  if (!existsSync(vendor)) throw new Refusal(`${vendor} is not there.`, 'Give --onto a disk image.');
  if (process.getuid?.() !== 0) {
    throw new Refusal('--onto mounts the image, which needs root.', 'Run it as root, or use --base.');
  }
  const table = JSON.parse(run('sfdisk', ['--json', vendor])) as Table;
  const area = rootPartition(table);
  if (area === undefined) {
    throw new Refusal(
      `${vendor} has no partition with a file system of Linux.`,
      'Give --onto a whole disk image.',
    );
  }
  const architecture = ARCHITECTURE[request.target];
  const daemon = findPackage(request.package, architecture, dist);
  const output = resolve(request.output ?? join(dist, 'image', basename(vendor)));
  if (output === vendor) throw new Refusal('The output would be the input.', 'Give --output another name.');
  mkdirSync(join(output, '..'), { recursive: true });
  const copy = `${output}.${process.pid}`;
  const mounted = mkdtempSync(join(output, '..', '.onto-'));
  try {
    copyFileSync(vendor, copy, constants.COPYFILE_FICLONE);
    run('mount', ['-o', `loop,offset=${area.offset},sizelimit=${area.bytes}`, copy, mounted]);
    try {
      checkBase(mounted, architecture);
      const { bavail, bsize } = statfsSync(mounted);
      if (bavail * bsize < NEEDED_MIB * MIB) {
        throw new Refusal(
          `The root file system in ${vendor} has ${Math.floor((bavail * bsize) / MIB)} MiB left; ${NEEDED_MIB} are needed.`,
          'Ask the vendor for an image with a larger root file system, or enlarge it.',
        );
      }
      run(join(import.meta.dirname, 'layer'), [mounted, daemon.file, request.login, String(epoch)]);
    } finally {
      run('umount', [mounted]);
    }
    renameSync(copy, output);
  } finally {
    rmSync(copy, { force: true });
    rmdirSync(mounted);
  }
  return output;
}
