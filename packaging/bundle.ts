// Owns the way from the sources to one script: esbuild, and what stands in for what in the executable.

import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { ROOT } from './target.ts';

const EMBEDDED = join(import.meta.dirname, 'embedded');

/** Modules of the sources, below daemon/, that have another implementation in the executable. */
const STAND_INS = ['assets.ts', 'contents.ts'];

/**
 * What Koa may have to say about a type by its name. All of the 2,500 types of mime-db, twice over, are 3 MB of the
 * daemon's memory.
 */
const TYPES = [
  'application/javascript',
  'application/json',
  'application/manifest+json',
  'application/octet-stream',
  'application/problem+json',
  'application/x-www-form-urlencoded',
  'font/woff2',
  'image/png',
  'image/svg+xml',
  'image/x-icon',
  'multipart/form-data',
  'text/css',
  'text/html',
  'text/javascript',
  'text/plain',
];

const standIns: Plugin = {
  name: 'stand-ins',
  setup(plugin) {
    plugin.onResolve({ filter: /^\.{1,2}\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const name = relative(join(ROOT, 'daemon'), join(resolveDir, path));
      return STAND_INS.includes(name) ? { path: join(EMBEDDED, name) } : undefined;
    });
  },
};

const fewTypes: Plugin = {
  name: 'few-types',
  setup(plugin) {
    plugin.onLoad({ filter: /\/mime-db\/db\.json$/ }, async ({ path }) => {
      const all: Record<string, unknown> = JSON.parse(await readFile(path, 'utf8'));
      const kept = TYPES.filter((type) => type in all).map((type) => [type, all[type]]);
      return { contents: JSON.stringify(Object.fromEntries(kept)), loader: 'json' };
    });
  },
};

/** Writes the whole program as one script to `outfile`. Names stay as they are: a stack has to be readable. */
export async function bundle(outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: ['daemon/main.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minifyWhitespace: true,
    minifySyntax: true,
    // An error shows the line it is in.
    lineLimit: 200,
    legalComments: 'none',
    metafile: true,
    alias: { koffi: join(EMBEDDED, 'koffi.ts') },
    // Packages that are modules ask where they lie; inside the executable that is nowhere.
    define: { 'import.meta.url': '"file:///usr/bin/fygo-2fa"' },
    plugins: [standIns, fewTypes],
    logLevel: 'warning',
  });
  return metafile;
}

/** The folders of the npm packages that a bundle holds, below the checkout; sorted. */
export function packagesIn({ outputs }: Metafile): readonly string[] {
  const found = Object.values(outputs).flatMap(({ inputs }) =>
    Object.keys(inputs).flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []),
  );
  return [...new Set(found)].sort();
}
