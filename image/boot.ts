// Owns the boot partition: kernel, initial file system and the boot loaders' own files, for UEFI and for U-Boot.

import { existsSync, mkdirSync, readdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './arguments.ts';
import type { Layout } from './layout.ts';
import { Refusal } from './refusal.ts';
import { run } from './tools.ts';

const EFI: Readonly<Record<Target, { from: string; to: string }>> = {
  rockchip: { from: 'systemd-bootaa64.efi', to: 'BOOTAA64.EFI' },
  x86: { from: 'systemd-bootx64.efi', to: 'BOOTX64.EFI' },
};

/** The last one is the console that the system itself speaks on. */
const CONSOLES: Readonly<Record<Target, string>> = {
  rockchip: 'console=tty0 console=ttyAMA0 console=ttyS2,1500000n8',
  x86: 'console=tty0 console=ttyS0,115200n8',
};

/** `gpt`: after a power cut while the partition table was written, the second table counts. */
function commandLine(target: Target, layout: Layout): string {
  return `root=PARTUUID=${layout.rootId} rootfstype=ext4 rootwait rw gpt systemd.gpt_auto=0 ${CONSOLES[target]}`;
}

function newest(folder: string, prefix: string): string {
  const found = existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.startsWith(prefix))
        .sort()
        .at(-1)
    : undefined;
  if (found !== undefined) return join(folder, found);
  throw new Refusal(
    `The root file system has no ${prefix}* in ${folder.split('/').at(-1)}/, so it would not boot.`,
    'Install a kernel with its initial file system, and systemd-boot-efi, into the base.',
  );
}

/** Takes out of the root file system in `tar` what the boot partition holds; gives back the folder. */
function unpack(target: Target, tar: string, work: string): string {
  const tree = join(work, 'boot-tree');
  mkdirSync(tree);
  run('tar', [
    '--extract',
    '--file',
    tar,
    '--directory',
    tree,
    '--wildcards',
    '--no-same-owner',
    './boot/*',
    './usr/lib/systemd/boot/*',
    ...(target === 'rockchip' ? ['./usr/lib/linux-image-*/rockchip/*'] : []),
    '--warning=none',
  ]);
  return tree;
}

function touch(folder: string, epoch: number): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    utimesSync(join(folder, name), epoch, epoch);
  }
}

/** Writes the FAT file system of the boot partition to `file`; the same bytes on each build. */
export function makeBoot(
  target: Target,
  layout: Layout,
  tar: string,
  work: string,
  epoch: number,
  file: string,
): void {
  const tree = unpack(target, tar, work);
  const out = join(work, 'boot');
  for (const folder of ['EFI/BOOT', 'loader/entries', 'extlinux']) {
    mkdirSync(join(out, folder), { recursive: true });
  }
  const options = commandLine(target, layout);
  const { from, to } = EFI[target];
  renameSync(newest(join(tree, 'boot'), 'vmlinuz-'), join(out, 'vmlinuz'));
  renameSync(newest(join(tree, 'boot'), 'initrd.img-'), join(out, 'initrd.img'));
  renameSync(newest(join(tree, 'usr/lib/systemd/boot/efi'), from), join(out, 'EFI/BOOT', to));
  writeFileSync(join(out, 'loader/loader.conf'), 'default fygo.conf\ntimeout 0\n');
  writeFileSync(
    join(out, 'loader/entries/fygo.conf'),
    `title FygoOS\nlinux /vmlinuz\ninitrd /initrd.img\noptions ${options}\n`,
  );
  let trees = '';
  const kernel = target === 'rockchip' ? newest(join(tree, 'usr/lib'), 'linux-image-') : '';
  if (kernel !== '' && existsSync(join(kernel, 'rockchip'))) {
    mkdirSync(join(out, 'dtbs'));
    renameSync(join(kernel, 'rockchip'), join(out, 'dtbs/rockchip'));
    trees = '\n  fdtdir /dtbs';
  }
  if (target === 'rockchip') {
    writeFileSync(
      join(out, 'extlinux/extlinux.conf'),
      `default fygo\ntimeout 10\nlabel fygo\n  linux /vmlinuz\n  initrd /initrd.img${trees}\n  append ${options}\n`,
    );
  }
  touch(out, epoch);
  const sectors = String(layout.boot.bytes / 1024);
  run('mkfs.vfat', ['--invariant', '-F', '32', '-n', 'FYGO-BOOT', '-C', file, sectors]);
  const names = readdirSync(out).sort();
  run('mcopy', ['-s', '-m', '-Q', '-i', file, ...names.map((name) => join(out, name)), '::'], {
    env: { SOURCE_DATE_EPOCH: String(epoch), TZ: 'UTC' },
  });
}
