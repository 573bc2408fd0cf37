// Owns which Debian package of the daemon goes into an image.

import { existsSync, globSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Refusal } from './refusal.ts';
import { run } from './tools.ts';

export interface DaemonPackage {
  readonly file: string;
  readonly version: string;
}

function inDist(architecture: string, dist: string): readonly string[] {
  return globSync(join(dist, `fygo-2fa_*_${architecture}.deb`)).sort();
}

/** The one in `dist`; built there first where this checkout can build it. */
function built(architecture: string, dist: string): string {
  const builder = join(dist, '../scripts/build-deb');
  if (inDist(architecture, dist).length === 0 && existsSync(builder)) {
    run(builder, ['--arch', architecture === 'amd64' ? 'x64' : architecture]);
  }
  const found = inDist(architecture, dist);
  const last = found.at(-1);
  if (last === undefined) {
    throw new Refusal(
      `There is no package of the daemon for ${architecture} in ${dist}.`,
      `Build it: npm run build:deb -- --arch ${architecture === 'amd64' ? 'x64' : architecture}. Or give --package FILE.deb.`,
    );
  }
  if (found.length > 1) {
    throw new Refusal(
      `There are ${found.length} packages of the daemon for ${architecture} in ${dist}.`,
      'Say which with --package FILE.deb.',
    );
  }
  return last;
}

/** The package named `given`, or the one in `dist`. Throws a Refusal where it is missing, another's, or for another processor. */
export function findPackage(given: string | undefined, architecture: string, dist: string): DaemonPackage {
  const file = resolve(given ?? built(architecture, dist));
  if (!existsSync(file)) throw new Refusal(`${file} is not there.`, 'Give --package a file.');
  const field = (name: string): string => run('dpkg-deb', ['--field', file, name]).trim();
  if (field('Package') !== 'fygo-2fa') {
    throw new Refusal(`${file} is the package ${field('Package')}.`, 'Give --package the one of fygo-2fa.');
  }
  if (field('Architecture') !== architecture) {
    throw new Refusal(
      `${file} is for ${field('Architecture')}; this target needs ${architecture}.`,
      `Give --package fygo-2fa_VERSION_${architecture}.deb.`,
    );
  }
  return { file, version: field('Version') };
}
