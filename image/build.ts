// Owns the order in which an image is built, from argv to the files in dist/image.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BuildRequest, readArguments, USAGE } from './arguments.ts';
import { checkBase, makeStandIn } from './base.ts';
import { BOARDS, VENDOR_LOADER_SECTOR } from './boards.ts';
import { makeBoot } from './boot.ts';
import { assemble, checkLoaders, type Piece, writeChecksum } from './disk.ts';
import { fetchUnpacked } from './download.ts';
import { layOut } from './layout.ts';
import { machineMirror } from './mirror.ts';
import { layOnto } from './onto.ts';
import { findPackage } from './package.ts';
import { ARCHITECTURE, standIn } from './packages.ts';
import { Refusal } from './refusal.ts';
import { makeLayered, makeRoot, writeFacts } from './root.ts';
import { requireTools, run } from './tools.ts';

const PROJECT = join(import.meta.dirname, '..');
const KEPT = join(PROJECT, '.dev/image');

const TOOLS = [
  'apt-get',
  'arch-test',
  'chroot',
  'dd',
  'dpkg-deb',
  'mcopy',
  'mkfs.vfat',
  'mmdebstrap',
  'sfdisk',
  'sha256sum',
  'tar',
];

function epochOf(): number {
  const given = process.env.SOURCE_DATE_EPOCH;
  const epoch = Number(given ?? execFileSync('git', ['-C', PROJECT, 'log', '-1', '--format=%ct']).toString());
  if (Number.isInteger(epoch) && epoch >= 0) return epoch;
  throw new Refusal(`SOURCE_DATE_EPOCH is "${given}".`, 'Give it seconds since 1970, or leave it out.');
}

function loadersOf(request: BuildRequest): readonly Piece[] {
  if (request.target === 'x86') return [];
  if (request.loader !== undefined) {
    if (!existsSync(request.loader)) {
      throw new Refusal(
        `${request.loader} is not there.`,
        'Give --loader the file from the vendor of the board.',
      );
    }
    return [{ file: request.loader, sector: VENDOR_LOADER_SECTOR }];
  }
  const tree = fetchUnpacked(
    { architecture: 'arm64', packages: ['u-boot-rockchip'] },
    KEPT,
    request.mirror ?? machineMirror(),
  );
  const board = BOARDS.get(request.board ?? '');
  return (board?.loaders ?? []).map(({ file, sector }) => ({
    file: join(tree, 'usr/lib/u-boot', file),
    sector,
  }));
}

function build(request: BuildRequest, path: string): void {
  const { target } = request;
  const architecture = ARCHITECTURE[target];
  const layout = layOut(target, request.mib);
  const name = ['fygo', target, request.board].filter((part) => part !== undefined).join('-');
  const output = resolve(request.output ?? join(PROJECT, 'dist/image', `${name}.img`));
  requireTools(target === 'x86' ? [...TOOLS, 'qemu-img'] : TOOLS, path);
  if (request.base !== undefined) checkBase(request.base, architecture);
  const daemon = findPackage(request.package, architecture, join(PROJECT, 'dist'));
  const epoch = epochOf();
  mkdirSync(KEPT, { recursive: true });
  mkdirSync(join(output, '..'), { recursive: true });
  const loaders = loadersOf(request);
  checkLoaders(loaders, layout);
  const base =
    request.base === undefined
      ? makeStandIn(standIn(target, request.drivers), {
          kept: KEPT,
          mirror: request.mirror ?? machineMirror(),
          epoch,
        })
      : resolve(request.base);
  const work = mkdtempSync(join(KEPT, 'work-'));
  try {
    const overlays = [
      ...(request.base === undefined ? [join(import.meta.dirname, 'stand-in')] : []),
      join(import.meta.dirname, 'overlay'),
      writeFacts(work, `${daemon.version}-${epoch}`, layout.dataSector),
    ];
    const tar = makeLayered({
      base,
      package: daemon.file,
      login: request.login,
      overlays,
      architecture,
      work,
      epoch,
    });
    const root = makeRoot({
      tar,
      layout,
      work,
      epoch,
      kept: KEPT,
      mirror: request.mirror ?? machineMirror(),
    });
    const boot = join(work, 'boot.vfat');
    makeBoot(target, layout, tar, work, epoch, boot);
    assemble(layout, { boot, root, loaders }, output);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  report(output);
  if (target === 'x86') {
    const copy = output.replace(/\.img$/, '.qcow2');
    run('qemu-img', ['convert', '-f', 'raw', '-O', 'qcow2', output, copy]);
    report(copy);
  }
}

function report(output: string): void {
  process.stdout.write(`${writeChecksum(output)}  ${output}\n`);
}

function main(argv: readonly string[]): void {
  if (argv.includes('--help')) {
    process.stdout.write(`${USAGE}\n`);
    return;
  }
  const request = readArguments(argv);
  const path = process.env.PATH ?? '';
  if (request.onto === undefined) build(request, path);
  else report(layOnto(request, join(PROJECT, 'dist'), epochOf(), path));
}

try {
  main(process.argv.slice(2));
} catch (problem) {
  if (!(problem instanceof Refusal)) throw problem;
  process.stderr.write(`image/build: ${problem.message}\n${problem.hint}\n`);
  process.exitCode = 1;
}
