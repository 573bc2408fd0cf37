// Owns how koffi's add-on gets out of the executable into the process: as a file that never has a name, so that
// nobody can put another one in its place. Stands in for the package `koffi`, whose own loader looks in folders.

import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import process from 'node:process';
import { getRawAsset } from 'node:sea';

/** open(2) on Linux: an unnamed file in a folder, that can never be given a name. O_DIRECTORY differs by processor. */
const O_TMPFILE = 0o20000000 | (process.arch === 'arm64' ? 0o40000 : 0o200000);
const O_EXCL = 0o200;
const O_RDWR = 0o2;

/**
 * Folders to try: memory first, then the daemon's own state. A folder is passed over where it is read-only, full,
 * mounted noexec or not there.
 */
const FOLDERS = ['/var/lib/fygo-2fa', '/dev/shm', '/run/fygo-2fa', '/tmp'];

/** sysexits(3). */
const EX_OSERR = 71;

type Koffi = typeof import('koffi').default;

function loadFrom(folder: string, bytes: Uint8Array): Koffi {
  const file = openSync(folder, O_TMPFILE | O_EXCL | O_RDWR, 0o500);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    const { uid, nlink, size } = fstatSync(file);
    if (nlink !== 0 || uid !== process.geteuid?.() || size !== bytes.length)
      throw new Error(`${folder} gave a file that is not ours alone`);
    const module = { exports: {} };
    process.dlopen(module, `/proc/self/fd/${file}`);
    return module.exports as Koffi;
  } finally {
    closeSync(file);
  }
}

function load(): Koffi {
  const bytes = new Uint8Array(getRawAsset('koffi.node') as ArrayBuffer);
  const reasons: string[] = [];
  for (const folder of FOLDERS) {
    try {
      return loadFrom(folder, bytes);
    } catch (error) {
      reasons.push(`${folder}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  process.stderr.write(
    `fygo-2fa cannot start: it needs a folder that is neither read-only, full nor mounted noexec.\n${reasons.join('\n')}\n`,
  );
  process.exit(EX_OSERR);
}

export default load();
