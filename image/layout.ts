// Owns where everything lies on the medium: the partition table of both targets, the same on every build.

import type { Target } from './arguments.ts';
import { Refusal } from './refusal.ts';

const SECTORS_PER_MIB = 2048;
const MIB = 1024 * 1024;

/** In front of the first partition is the place of Rockchip's boot loaders. */
const BOOT_START_MIB = 16;
const BOOT_MIB = 256;
/** The second partition table, at the very end of the image, must not reach into the data partition behind it. */
const TAIL_MIB = 1;

export const SMALLEST_MIB = 1024;
export const USUAL_MIB = 4096;

const ESP = 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B';
const ROOT: Readonly<Record<Target, string>> = {
  rockchip: 'B921B045-1DF0-41C3-AF44-4C6F280D3FAE',
  x86: '4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709',
};

/** Not drawn at random: two builds are to be the same to the byte. A tag of the target keeps media of both apart. */
const TAG: Readonly<Record<Target, string>> = { rockchip: '00a64000', x86: '00864000' };

export interface Area {
  /** Bytes from the start of the image. */
  readonly offset: number;
  readonly bytes: number;
}

export interface Layout {
  readonly bytes: number;
  readonly boot: Area;
  readonly root: Area;
  /** The sector behind the image, where the first boot makes the data partition, or finds the one it made before. */
  readonly dataSector: number;
  /** PARTUUID of the root partition, for the kernel's command line. */
  readonly rootId: string;
  /** UUID of the root file system, and the seed of its hashed folders. */
  readonly fileSystemId: string;
  /** Input of sfdisk. */
  readonly script: string;
}

function id(target: Target, what: number): string {
  return `${TAG[target]}-f790-42fa-8000-00000000000${what}`;
}

/**
 * The layout of an image of `mib` mebibytes. The size decides where the data partition begins, so it has to stay the same from
 * release to release. Throws a Refusal below SMALLEST_MIB.
 */
export function layOut(target: Target, mib: number): Layout {
  if (!Number.isInteger(mib) || mib < SMALLEST_MIB) {
    throw new Refusal(
      `An image of ${mib} MiB is too small.`,
      `Give --size a whole number of MiB, at least ${SMALLEST_MIB}; ${USUAL_MIB} is usual.`,
    );
  }
  const rootStart = BOOT_START_MIB + BOOT_MIB;
  const rootMib = mib - rootStart - TAIL_MIB;
  const rootId = id(target, 3);
  // U-Boot looks for extlinux.conf on the partition with this attribute.
  const bootable = target === 'rockchip' ? ', attrs="LegacyBIOSBootable"' : '';
  return {
    bytes: mib * MIB,
    boot: { offset: BOOT_START_MIB * MIB, bytes: BOOT_MIB * MIB },
    root: { offset: rootStart * MIB, bytes: rootMib * MIB },
    dataSector: mib * SECTORS_PER_MIB,
    rootId,
    fileSystemId: id(target, 4),
    script: [
      'label: gpt',
      `label-id: ${id(target, 1)}`,
      'unit: sectors',
      'sector-size: 512',
      `start=${BOOT_START_MIB * SECTORS_PER_MIB}, size=${BOOT_MIB * SECTORS_PER_MIB}, type=${ESP}, uuid=${id(target, 2)}, name="fygo-boot"${bootable}`,
      `start=${rootStart * SECTORS_PER_MIB}, size=${rootMib * SECTORS_PER_MIB}, type=${ROOT[target]}, uuid=${rootId}, name="fygo-root"`,
      '',
    ].join('\n'),
  };
}
