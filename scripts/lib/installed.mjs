// Owns the question whether node_modules already is what package-lock.json asks for, as after `npm install`.
// Runs on whatever Node the machine has, so plain JavaScript. Exit code 0 means yes.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const root = process.argv[2] ?? '.';
const packages = (file) => JSON.parse(readFileSync(join(root, file), 'utf8')).packages;

/** npm lists what it installed in node_modules/.package-lock.json; optional packages of other platforms are absent. */
function upToDate() {
  const wanted = packages('package-lock.json');
  const installed = packages('node_modules/.package-lock.json');
  const same = ([path, { version, integrity }]) =>
    installed[path]?.version === version &&
    installed[path]?.integrity === integrity &&
    existsSync(join(root, path, 'package.json'));
  return (
    Object.keys(installed).every((path) => wanted[path]) &&
    Object.entries(wanted).every(
      (entry) => entry[0] === '' || same(entry) || (entry[1].optional && !installed[entry[0]]),
    ) &&
    existsSync(join(root, 'node_modules/node/bin/node'))
  );
}

try {
  process.exitCode = upToDate() ? 0 : 1;
} catch {
  process.exitCode = 1;
}
