// Owns what is in the stand-in: the Debian packages of its root file system, and why each is there.

import type { Drivers, Target } from './arguments.ts';

export const SUITE = 'bookworm';

const EVERYWHERE: readonly (readonly [name: string, why: string])[] = [
  ['systemd', 'starts everything'],
  ['systemd-sysv', 'starts everything'],
  ['systemd-timesyncd', 'who keeps the clock'],
  ['systemd-boot-efi', 'the boot loader of UEFI'],
  ['udev', 'names of partitions'],
  ['dbus', 'logind, timedated'],
  ['libpam-systemd', 'sessions'],
  ['login', 'the console'],
  ['passwd', 'users'],
  ['openssh-server', 'logins'],
  ['initramfs-tools', 'the initial file system'],
  ['zstd', 'the initial file system, compressed'],
  ['kmod', 'drivers'],
  ['fdisk', 'the data partition'],
  ['e2fsprogs', 'the data partition'],
  ['libstdc++6', 'the daemon is linked with it'],
  ['iproute2', 'looking at the network'],
  ['procps', 'looking at processes'],
];

const KERNEL: Readonly<Record<Target, string>> = { rockchip: 'linux-image-arm64', x86: 'linux-image-amd64' };

export const ARCHITECTURE: Readonly<Record<Target, 'amd64' | 'arm64'>> = { rockchip: 'arm64', x86: 'amd64' };

/** What the initial file system of a virtual machine needs in place of everything. */
export const VIRTUAL_DRIVERS = ['virtio_pci', 'virtio_mmio', 'virtio_blk', 'ext4'];

/** What the stand-in is made of. Two with the same recipe are the same. */
export interface StandIn {
  readonly suite: string;
  readonly architecture: 'amd64' | 'arm64';
  readonly packages: readonly string[];
  readonly kernel: string;
  readonly drivers: Drivers;
}

export function standIn(target: Target, drivers: Drivers): StandIn {
  return {
    suite: SUITE,
    architecture: ARCHITECTURE[target],
    packages: EVERYWHERE.map(([name]) => name),
    kernel: KERNEL[target],
    drivers,
  };
}
