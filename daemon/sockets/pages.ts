// Owns how built pages are served: compressed, cached by their hash, with the headers that keep a page to itself.

import { gunzipSync } from 'node:zlib';
import type { ParameterizedContext } from 'koa';
import { Fault } from '../kernel/fault.ts';

/** What one path answers; the bodies are base64 (scripts/build-pages.ts makes it). */
export interface BuiltAsset {
  readonly type: string;
  readonly etag: string;
  /** `immutable`: its name holds its hash. */
  readonly cache: 'revalidate' | 'immutable';
  /** The Content-Security-Policy of a page. */
  readonly policy?: string;
  readonly br: string;
  readonly gzip: string;
}

/** The built pages by their path, read at the first request; `null` where they were not built. */
export type ReadPages = () => Readonly<Record<string, BuiltAsset>> | null;

/** Sends a page or an asset. False where the path is none. */
export type ServePage = (ctx: ParameterizedContext) => boolean;

const PAGES: ReadonlySet<string> = new Set([
  '/second-step',
  '/personal',
  '/system',
  '/troubleshooting',
  '/troubleshooting.zh',
]);

const ALONE = {
  'X-Content-Type-Options': 'nosniff',
  // Not no-referrer: the form that carries the proof would then say "Origin: null".
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
} as const;

const CACHE = {
  revalidate: 'no-cache',
  immutable: 'public, max-age=31536000, immutable',
} as const;

/** Serves what `read` gives. Pages hold nothing of anybody: what they show they ask for. */
export function pageServer(read: ReadPages): ServePage {
  let kept: ReturnType<ReadPages> | undefined;
  return (ctx) => {
    const { method, path } = ctx;
    if (method !== 'GET' && method !== 'HEAD') return false;
    if (!PAGES.has(path) && !path.startsWith('/assets/')) return false;
    kept ??= read();
    if (kept === null) throw notBuilt();
    const asset = Object.hasOwn(kept, path) ? kept[path] : undefined;
    if (!asset) return false;
    send(ctx, asset);
    return true;
  };
}

function send(ctx: ParameterizedContext, asset: BuiltAsset): void {
  // A clock that may be wrong must not date an answer (RFC 9110 §6.6.1).
  ctx.res.sendDate = false;
  ctx.set({ ...ALONE, 'Cache-Control': CACHE[asset.cache], ETag: asset.etag, Vary: 'Accept-Encoding' });
  if (asset.policy !== undefined) ctx.set('Content-Security-Policy', asset.policy);
  if (
    ctx
      .get('If-None-Match')
      .split(/\s*,\s*/)
      .includes(asset.etag)
  ) {
    ctx.status = 304;
    return;
  }
  // Browsers name gzip first and like brotli as well: the smaller one wins.
  const encoding = (['br', 'gzip'] as const).find((one) => ctx.acceptsEncodings(one) === one);
  if (encoding !== undefined) ctx.set('Content-Encoding', encoding);
  const body = Buffer.from(asset[encoding ?? 'gzip'], 'base64');
  ctx.body = encoding === undefined ? gunzipSync(body) : body;
  ctx.status = 200;
  ctx.set('Content-Type', asset.type);
}

function notBuilt(): Fault {
  return new Fault(
    'not-found',
    'The pages were not built, so there is nothing to show here; logins and the command line work.',
    'From the sources: scripts/build-pages, then reload. Otherwise install fygo-2fa again.',
  );
}
