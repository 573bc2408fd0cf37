// Owns the disk image: partition table, boot loaders and the two file systems put into their places.

import {
  closeSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Area, Layout } from './layout.ts';
import { Refusal } from './refusal.ts';
import { run } from './tools.ts';

export interface Piece {
  readonly file: string;
  /** In sectors of 512 bytes. */
  readonly sector: number;
}

const SECTOR = 512;
/** The partition table and its entries. */
const TABLE_SECTORS = 34;

/** Refuses a boot loader that would reach into the partition table or into the first partition. */
export function checkLoaders(loaders: readonly Piece[], layout: Layout): void {
  for (const { file, sector } of loaders) {
    const end = sector * SECTOR + statSync(file).size;
    if (sector < TABLE_SECTORS || end > layout.boot.offset) {
      throw new Refusal(
        `The boot loader ${file} does not fit: it would lie from sector ${sector} to byte ${end}.`,
        `There is room from sector ${TABLE_SECTORS} to byte ${layout.boot.offset}.`,
      );
    }
  }
}

function put(image: string, file: string, offset: number): void {
  run('dd', [
    `if=${file}`,
    `of=${image}`,
    'bs=1M',
    `seek=${offset}`,
    'oflag=seek_bytes',
    'conv=notrunc,sparse',
    'status=none',
  ]);
}

export interface Parts {
  readonly boot: string;
  readonly root: string;
  readonly loaders: readonly Piece[];
}

/** Puts `parts` together as `output`, which appears whole or not at all, and writes its checksum beside it. */
export function assemble(layout: Layout, parts: Parts, output: string): void {
  const image = `${output}.${process.pid}`;
  try {
    closeSync(openSync(image, 'w'));
    truncateSync(image, layout.bytes);
    run('sfdisk', ['--quiet', '--no-reread', '--no-tell-kernel', image], { input: layout.script });
    for (const { file, sector } of parts.loaders) put(image, file, sector * SECTOR);
    const places: readonly (readonly [string, Area])[] = [
      [parts.boot, layout.boot],
      [parts.root, layout.root],
    ];
    for (const [file, area] of places) put(image, file, area.offset);
    renameSync(image, output);
  } finally {
    rmSync(image, { force: true });
  }
}

/** Writes `FILE.sha256` in the form that `sha256sum --check` reads, and gives back the checksum. */
export function writeChecksum(output: string): string {
  const line = run('sha256sum', [basename(output)], { cwd: dirname(output) });
  const sum = `${output}.sha256`;
  const descriptor = openSync(sum, 'w');
  writeSync(descriptor, line);
  closeSync(descriptor);
  return readFileSync(sum, 'utf8').split(' ')[0] ?? '';
}
