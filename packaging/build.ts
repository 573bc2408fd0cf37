// Owns `npm run build -- --arch x64|arm64|all`: from the sources to dist/fygo-2fa-linux-ARCH and its bill of materials.

import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeVersion, readyMade, strippedBase } from './base.ts';
import { writeBill } from './bill.ts';
import { bundle, packagesIn } from './bundle.ts';
import { contentsOf } from './contents.ts';
import type { Order } from './executable.ts';
import { FLAGS } from './flags.ts';
import { licenceTexts } from './licences.ts';
import { DIST, executableOf, ROOT, TARGETS, type Target, workshopOf } from './target.ts';

/** What scripts/build-pages has put into the pages. */
const IN_PAGES = ['node_modules/preact'];

/** Every file below daemon/ that is no code: what daemon/assets.ts finds there. */
function shipped(): Record<string, string> {
  const daemon = join(ROOT, 'daemon');
  const files = readdirSync(daemon, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.startsWith(join(daemon, 'pages')))
    .sort();
  return Object.fromEntries(files.map((file) => [relative(daemon, file), file]));
}

/** pkg looks for downloaded bases below HOME; what lies there with a ".ok" beside it is taken as it is. */
function offerBase(home: string, base: string, name: string): void {
  const cache = join(home, '.pkg-cache', 'sea');
  mkdirSync(join(cache, name, 'bin'), { recursive: true });
  for (const mark of [`${name}.tar.gz`, `${name}.tar.gz.ok`, join(name, 'bin', 'node.ok')])
    writeFileSync(join(cache, mark), '');
  execFileSync('ln', ['-f', base, join(cache, name, 'bin', 'node')]);
}

/**
 * A program that runs the target's Node under the flags that are baked in, so that the same sources give the same
 * bytes: "--predictable", because hash tables, and with them the code cache, start from a random seed otherwise; and the
 * script by its bare name, because where it lay is kept inside.
 */
function generatorOf(target: Target, base: string): string {
  const workshop = workshopOf(target);
  const path = join(workshop, 'generate');
  const words = [...target.runner, base, ...FLAGS, '--predictable'].map((word) => `'${word}'`).join(' ');
  const bare = `sed -i 's|"main":"${workshop}/|"main":"|' "$2"`;
  writeFileSync(path, `#!/bin/sh\nset -e\ncd '${workshop}'\n${bare}\nexec ${words} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

async function buildFor(target: Target): Promise<void> {
  const { arch } = target;
  const workshop = workshopOf(target);
  rmSync(workshop, { recursive: true, force: true });
  mkdirSync(join(workshop, 'tmp'), { recursive: true });
  const version = nodeVersion();
  const base = strippedBase(target);
  const script = join(workshop, 'main.cjs');
  const packages = [...packagesIn(await bundle(script)), ...IN_PAGES].sort();
  const contents = join(workshop, 'contents.json');
  writeFileSync(contents, `${JSON.stringify(contentsOf(packages), null, 1)}\n`);
  writeFileSync(join(workshop, 'third-party-licences.txt'), licenceTexts(packages));
  offerBase(workshop, base, `node-v${version}-linux-${arch}`);
  const order: Order = {
    bundle: script,
    output: join(workshop, 'fygo-2fa'),
    arch,
    nodeVersion: version,
    generator: generatorOf(target, base),
    flags: FLAGS,
    assets: {
      ...shipped(),
      'built/pages.json': join(DIST, 'pages.json'),
      'contents.json': contents,
      'koffi.node': readyMade('@koromix', `koffi-linux-${arch}`, `linux_${arch}`, 'koffi.node'),
    },
  };
  execFileSync(process.execPath, [join(import.meta.dirname, 'executable.ts'), JSON.stringify(order)], {
    env: { PATH: process.env.PATH, HOME: workshop, TMPDIR: join(workshop, 'tmp'), LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  chmodSync(order.output, 0o755);
  renameSync(order.output, executableOf(target));
  writeBill(target, packages, version);
  const share = statSync(executableOf(target)).size / statSync(base).size;
  process.stdout.write(
    `${relative(ROOT, executableOf(target))}: ${share.toFixed(3)} times its stripped Node ${version}\n`,
  );
}

const { values } = parseArgs({ options: { arch: { type: 'string', default: 'all' } } });
const chosen = TARGETS.filter(({ arch }) => values.arch === 'all' || values.arch === arch);
if (chosen.length === 0) throw new Error('--arch is x64, arm64 or all');
mkdirSync(DIST, { recursive: true });
for (const target of chosen) await buildFor(target);
