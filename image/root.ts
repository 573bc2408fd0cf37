// Owns the layered root file system: base, overlays and package to a tar file, and that to an ext4 file system.

import { closeSync, mkdirSync, openSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Login } from './arguments.ts';
import { newerMke2fs } from './download.ts';
import type { Layout } from './layout.ts';
import { Refusal } from './refusal.ts';
import { run } from './tools.ts';

const HERE = import.meta.dirname;

/** One word of a shell's command line. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

export interface LayerPlan {
  readonly base: string;
  readonly package: string;
  readonly login: Login;
  readonly overlays: readonly string[];
  readonly architecture: string;
  readonly work: string;
  readonly epoch: number;
}

/** Written into an image: its name, which changes with each release, and where its data partition begins. */
export function writeFacts(work: string, image: string, dataSector: number): string {
  const overlay = join(work, 'facts');
  const folder = join(overlay, 'usr/lib/fygo-image');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'id'), `${image}\n`);
  writeFileSync(join(folder, 'data-start'), `${dataSector}\n`);
  return overlay;
}

/** The base with the daemon on it, as a tar file that is the same on each build. */
export function makeLayered(plan: LayerPlan): string {
  const tar = join(plan.work, 'root.tar');
  const { epoch } = plan;
  const source = statSync(plan.base).isDirectory()
    ? `tar --create --one-file-system --xattrs --xattrs-include='*' --numeric-owner --directory ${quoted(plan.base)} . | tar --extract --xattrs --xattrs-include='*' --numeric-owner --directory "$1"`
    : `tar --extract --xattrs --xattrs-include='*' --numeric-owner --file ${quoted(plan.base)} --directory "$1"`;
  const words = [plan.package, plan.login, String(epoch), ...plan.overlays].map(quoted);
  run(
    'mmdebstrap',
    [
      '--quiet',
      '--mode=auto',
      '--variant=custom',
      '--skip=update,setup,cleanup',
      `--architectures=${plan.architecture}`,
      `--setup-hook=${source}`,
      `--customize-hook=${quoted(join(HERE, 'layer'))} "$1" ${words.join(' ')}`,
      '',
      tar,
    ],
    { env: { SOURCE_DATE_EPOCH: String(epoch), TMPDIR: plan.work } },
  );
  return tar;
}

export interface FileSystemPlan {
  readonly tar: string;
  readonly layout: Layout;
  readonly work: string;
  readonly epoch: number;
  readonly kept: string;
  readonly mirror: string;
}

/** The tar as an ext4 file system of the root partition's size. Throws a Refusal where it does not fit. */
export function makeRoot(plan: FileSystemPlan): string {
  const { layout, tar } = plan;
  const file = join(plan.work, 'root.ext4');
  const needed = Math.ceil((statSync(tar).size * 1.15) / (1024 * 1024));
  const mib = layout.root.bytes / (1024 * 1024);
  if (needed > mib) {
    throw new Refusal(
      `The root file system needs about ${needed} MiB; the image has ${mib} MiB for it.`,
      `Give --size at least ${Math.ceil(layout.bytes / (1024 * 1024) - mib + needed)}, and keep it from release to release.`,
    );
  }
  const mke2fs = newerMke2fs(plan.kept, plan.mirror);
  rmSync(file, { force: true });
  closeSync(openSync(file, 'w'));
  truncateSync(file, layout.root.bytes);
  run(
    mke2fs.program,
    [
      '-q',
      '-t',
      'ext4',
      '-b',
      '4096',
      '-L',
      'fygo-root',
      '-U',
      layout.fileSystemId,
      '-E',
      `hash_seed=${layout.fileSystemId},root_owner=0:0`,
      '-d',
      tar,
      file,
    ],
    {
      env: {
        SOURCE_DATE_EPOCH: String(plan.epoch),
        LD_LIBRARY_PATH: mke2fs.libraries,
      },
    },
  );
  return file;
}
