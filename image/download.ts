// Owns what is fetched of Debian's archive beside the root file system: packages of any architecture, unpacked, never installed.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SUITE } from './packages.ts';
import { run } from './tools.ts';

export interface Wanted {
  readonly architecture: 'amd64' | 'arm64';
  readonly packages: readonly string[];
  /** From the newer packages that Debian makes for this release. */
  readonly backports?: boolean;
}

/** The folder that holds `wanted`, unpacked over one another. apt checks what it fetches against Debian's signatures. */
export function fetchUnpacked(wanted: Wanted, kept: string, mirror: string): string {
  const suite = wanted.backports === true ? `${SUITE}-backports` : SUITE;
  const place = join(kept, `${wanted.packages[0]}-${wanted.architecture}-${suite}`);
  if (existsSync(place)) return place;
  const work = `${place}.${process.pid}`;
  const downloads = join(work, 'downloads');
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial', 'tree', 'downloads']) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    writeFileSync(join(work, 'sources.list'), `deb ${mirror} ${suite} main\n`);
    const options = [
      `Dir::Etc::sourcelist=${join(work, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${join(work, 'lists')}`,
      `Dir::Cache=${join(work, 'cache')}`,
      'Dir::State::status=/dev/null',
      `APT::Architecture=${wanted.architecture}`,
      `APT::Architectures::=${wanted.architecture}`,
      // Otherwise root fetches as a user who may not write here.
      'APT::Sandbox::User=root',
    ].flatMap((option) => ['-o', option]);
    run('apt-get', [...options, '--quiet', 'update']);
    run('apt-get', [...options, '--quiet', 'download', ...wanted.packages], { cwd: downloads });
    for (const file of readdirSync(downloads)) {
      run('dpkg-deb', ['--extract', join(downloads, file), join(work, 'tree')]);
    }
    moveInto(place, join(work, 'tree'));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return place;
}

/** Another build may have been faster; it fetched the same. */
function moveInto(place: string, tree: string): void {
  try {
    renameSync(tree, place);
  } catch (problem) {
    if (!existsSync(place)) throw problem;
  }
}

/** The mke2fs that reads a tar file without root and gives the same bytes twice: newer than the one in Debian 12. */
export function newerMke2fs(kept: string, mirror: string): { program: string; libraries: string } {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const tree = fetchUnpacked(
    { architecture, packages: ['e2fsprogs', 'libext2fs2', 'libcom-err2'], backports: true },
    kept,
    mirror,
  );
  const triplet = architecture === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return {
    program: ['usr/sbin/mke2fs', 'sbin/mke2fs'].map((path) => join(tree, path)).find(existsSync) ?? '',
    libraries: [join(tree, 'usr/lib', triplet), join(tree, 'lib', triplet)].join(':'),
  };
}
