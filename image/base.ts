// Owns the root file system below the daemon: the stand-in, made once for each recipe, or a given tree or tar, looked at first.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type StandIn, VIRTUAL_DRIVERS } from './packages.ts';
import { Refusal } from './refusal.ts';
import { run } from './tools.ts';

/** Who reads a manual in there? */
const LEFT_OUT = ['man', 'info', 'locale', 'doc'].map(
  (part) => `--dpkgopt=path-exclude=/usr/share/${part}/*`,
);

export interface BaseSettings {
  /** Where made ones are kept. */
  readonly kept: string;
  readonly mirror: string;
  /** Seconds since 1970 that no file is newer than. */
  readonly epoch: number;
}

/**
 * The stand-in as a tar file; made first where it is not kept. The kernel comes last and makes its initial file system once:
 * under emulation each of them takes minutes.
 */
export function makeStandIn(plan: StandIn, settings: BaseSettings): string {
  const modules = plan.drivers === 'virtual' ? 'list' : 'most';
  const initramfs = [
    'echo update_initramfs=no > "$1/etc/initramfs-tools/update-initramfs.conf"',
    `sed -i s/^MODULES=.*/MODULES=${modules}/ "$1/etc/initramfs-tools/initramfs.conf"`,
    // A virtual machine's is small either way, and emulation makes a better packing slow.
    ...(plan.drivers === 'virtual'
      ? ['echo COMPRESSLEVEL=1 >> "$1/etc/initramfs-tools/initramfs.conf"']
      : []),
    `printf '%s\\n' ${plan.drivers === 'virtual' ? VIRTUAL_DRIVERS.join(' ') : ''} > "$1/etc/initramfs-tools/modules"`,
  ].join(' && ');
  const kernel = `chroot "$1" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends ${plan.kernel}`;
  // The file's name is that of the one kernel; update-initramfs itself is switched off.
  const make =
    'chroot "$1" sh -c \'v=$(basename /lib/modules/*) && mkinitramfs -o "/boot/initrd.img-$v" "$v"\' && echo update_initramfs=yes > "$1/etc/initramfs-tools/update-initramfs.conf"';
  const hash = createHash('sha256')
    .update(JSON.stringify([plan, settings.mirror, settings.epoch, initramfs, kernel, make]))
    .digest('hex')
    .slice(0, 12);
  const kind = `base-${plan.architecture}-${plan.drivers}-`;
  const place = join(settings.kept, `${kind}${hash}.tar`);
  if (existsSync(place)) return place;
  mkdirSync(settings.kept, { recursive: true });
  for (const old of readdirSync(settings.kept)) if (old.startsWith(kind)) rmSync(join(settings.kept, old));
  const building = join(settings.kept, `building-${process.pid}.tar`);
  try {
    run(
      'mmdebstrap',
      [
        '--quiet',
        '--mode=auto',
        '--variant=minbase',
        `--architectures=${plan.architecture}`,
        `--include=${plan.packages.join(',')}`,
        '--aptopt=APT::Install-Recommends "false"',
        ...LEFT_OUT,
        `--customize-hook=${initramfs}`,
        `--customize-hook=${kernel}`,
        `--customize-hook=${make}`,
        plan.suite,
        building,
        `deb ${settings.mirror} ${plan.suite} main`,
        `deb ${settings.mirror} ${plan.suite}-updates main`,
        `deb ${settings.mirror}-security ${plan.suite}-security main`,
      ],
      { env: { SOURCE_DATE_EPOCH: String(settings.epoch), TMPDIR: settings.kept } },
    );
    renameSync(building, place);
  } finally {
    rmSync(building, { force: true });
  }
  return place;
}

/** Reads `path` (without a leading slash) out of a tar file or below a folder; undefined where it is not there. */
function readFrom(base: string, isTar: boolean, path: string): Buffer | undefined {
  return isTar ? fromTar(base, path) : fromFolder(base, path);
}

function fromFolder(base: string, path: string): Buffer | undefined {
  const place = join(base, path);
  return existsSync(place) ? readFileSync(place) : undefined;
}

function fromTar(base: string, path: string): Buffer | undefined {
  for (const name of [`./${path}`, path]) {
    try {
      return execFileSync('tar', ['--extract', '--to-stdout', '--occurrence=1', '--file', base, name], {
        stdio: ['ignore', 'pipe', 'ignore'],
        maxBuffer: 256 * 1024 * 1024,
      });
    } catch {
      // Not under this name.
    }
  }
  return undefined;
}

/** Checks that `base` is a root file system of Debian 12 or later for `architecture`. Throws a Refusal that says what it is instead. */
export function checkBase(base: string, architecture: string): void {
  if (!existsSync(base)) throw new Refusal(`${base} is not there.`, 'Give --base a folder or a tar file.');
  const isTar = !statSync(base).isDirectory();
  const need = 'Give --base the root file system of a Debian 12 system, as a folder or a tar file.';
  const status = readFrom(base, isTar, 'var/lib/dpkg/status');
  if (status === undefined) {
    throw new Refusal(`${base} is not a root file system: it has no var/lib/dpkg/status.`, need);
  }
  const found = /^Package: (?:dpkg|libc6)\n(?:.+\n)*?Architecture: (\S+)/m.exec(status.toString('utf8'))?.[1];
  if (found !== architecture) {
    throw new Refusal(
      `${base} is a root file system for ${found ?? 'no architecture that it names'}; this target needs ${architecture}.`,
      'Give --base one for the target, or --target the one for the base (x86: amd64, rockchip: arm64).',
    );
  }
}
