// Owns the build of the pages: from TypeScript and Markdown to one file of compressed assets with their headers.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transformSync } from 'esbuild';
import { manualOf } from './lib/manual.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGES = join(ROOT, 'daemon/pages');

const TITLES = {
  'second-step': 'Two-step verification',
  personal: 'Account security',
  system: 'Two-factor authentication',
} as const;

/** What one path answers; the bodies are base64. */
interface Asset {
  readonly type: string;
  readonly etag: string;
  readonly cache: 'revalidate' | 'immutable';
  readonly policy?: string;
  readonly br: string;
  readonly gzip: string;
}

const hash = (text: string | Uint8Array) => createHash('sha256').update(text);

function asset(type: string, text: string | Uint8Array, more: Pick<Asset, 'cache' | 'policy'>): Asset {
  const bytes = Buffer.from(text);
  const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  return {
    type,
    etag: `"${hash(bytes).digest('base64url').slice(0, 22)}"`,
    ...more,
    br: br.toString('base64'),
    gzip: gzipSync(bytes, { level: 9 }).toString('base64'),
  };
}

/** No inline script, nothing from elsewhere. The style is in the page, so that it is drawn at once, and known by its hash. */
function policyOf(style: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'sha256-${hash(style).digest('base64')}'`,
    'img-src data:',
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

const NO_SCRIPT =
  '<noscript>This page needs JavaScript. On the command line of the NAS, <code>fygo-2fa help</code> does the same.<br>此页面需要 JavaScript。</noscript>';

function html(title: string, style: string, script: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light dark"><title>${title}</title><link rel="icon" href="data:,"><style>${style}</style><script type="module" src="./${script}"></script></head><body><div id="app"><div class="loading" aria-hidden="true"><i></i><i></i><i></i></div></div>${NO_SCRIPT}</body></html>`;
}

async function script(name: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(PAGES, name, 'main.tsx')],
    tsconfig: join(PAGES, 'tsconfig.json'),
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'safari15.4'],
    legalComments: 'none',
    charset: 'utf8',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

const assets: Record<string, Asset> = {};
const style = transformSync(readFileSync(join(PAGES, 'shared/style.css'), 'utf8'), {
  loader: 'css',
  minify: true,
  target: ['safari15.4', 'chrome100', 'firefox100'],
}).code.trim();
for (const [name, title] of Object.entries(TITLES)) {
  const code = await script(name);
  const path = `assets/${name}-${hash(code).digest('hex').slice(0, 16)}.js`;
  assets[`/${path}`] = asset('text/javascript; charset=utf-8', code, { cache: 'immutable' });
  const page = html(title, style, path);
  assets[`/${name}`] = asset('text/html; charset=utf-8', page, {
    cache: 'revalidate',
    policy: policyOf(style),
  });
}
for (const [path, page] of Object.entries(manualOf(ROOT, style))) {
  assets[path] = asset('text/html; charset=utf-8', page, { cache: 'revalidate', policy: policyOf(style) });
}

const file = join(ROOT, 'dist/pages.json');
mkdirSync(join(ROOT, 'dist'), { recursive: true });
writeFileSync(`${file}.${process.pid}`, JSON.stringify(assets));
renameSync(`${file}.${process.pid}`, file);
for (const [path, { br }] of Object.entries(assets)) {
  process.stdout.write(`${path} ${Math.ceil((br.length * 3) / 4)} bytes\n`);
}
