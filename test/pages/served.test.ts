// Owns the proof that pages come small, compressed, cached by their hash, and under a policy without inline script.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { pageServer } from '../../daemon/sockets/pages.ts';
import { Bench, type Ending, lacking } from '../scenarios/bench.ts';
import { buildPages } from './built.ts';

const skip = lacking();
const PAGES = ['/second-step', '/personal', '/system'];
const MANUAL = ['/troubleshooting', '/troubleshooting.zh'];
/** Over the wire, page and script. */
const BUDGET = 60 * 1024;

const ends: (() => unknown)[] = [];
let bench: Bench;

before(async () => {
  if (skip) return;
  buildPages();
  bench = await Bench.started({ after: (end: () => unknown) => ends.push(end) } as unknown as Ending);
});
after(async () => {
  for (const end of ends) await end();
});

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

function get(
  socketPath: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
) {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request({ socketPath, path, method, headers }, (reply) => {
      const parts: Buffer[] = [];
      reply.on('data', (part: Buffer) => parts.push(part));
      reply.once('end', () =>
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, bytes: Buffer.concat(parts) }),
      );
    });
    sent.once('error', reject);
    sent.end();
  });
}

test('each page and its script are below 60 KB, and nothing in it is an inline script', {
  skip,
}, async (t) => {
  const socket = bench.file('run', 'web.sock');
  for (const path of PAGES) {
    const page = await get(socket, path, { 'Accept-Encoding': 'gzip, br' });
    assert.equal(page.status, 200);
    assert.equal(page.headers['content-encoding'], 'br');
    assert.equal(page.headers['cache-control'], 'no-cache');
    const html = brotliDecompressSync(page.bytes).toString('utf8');
    const scripts = [...html.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
    assert.equal(scripts.length, 1);
    assert.equal(scripts[0]?.[2], '', 'no inline script');
    assert.doesNotMatch(html, /\son[a-z]+=|https?:\/\//);
    const source = /src="\.(\/assets\/[\w-]+\.js)"/.exec(scripts[0]?.[1] ?? '')?.[1] ?? assert.fail(html);
    const script = await get(socket, source, { 'Accept-Encoding': 'br' });
    assert.match(String(script.headers['cache-control']), /immutable/);
    const size = page.bytes.length + script.bytes.length;
    t.diagnostic(`${path}: ${size} bytes`);
    assert.ok(size < BUDGET, `${path}: ${size} bytes`);
    const policy = String(page.headers['content-security-policy']);
    assert.match(policy, /default-src 'none'; script-src 'self'; style-src 'sha256-/);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(page.headers['set-cookie'], undefined);
    assert.match(policy, /frame-ancestors 'self'/);
    assert.match(policy, /form-action 'self'/);
    assert.match(policy, /base-uri 'none'/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    const kept = { 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin' };
    const alone = {
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    };
    for (const [name, value] of Object.entries({ ...kept, ...alone })) {
      assert.equal(page.headers[name], value, name);
      assert.equal(script.headers[name], value, name);
    }
  }
});

test('the manual is below 60 KB as well, and what is asked is kept by nobody', { skip }, async (t) => {
  const socket = bench.file('run', 'web.sock');
  for (const path of MANUAL) {
    const page = await get(socket, path, { 'Accept-Encoding': 'br' });
    assert.equal(page.status, 200);
    t.diagnostic(`${path}: ${page.bytes.length} bytes`);
    assert.ok(page.bytes.length < BUDGET);
    assert.doesNotMatch(brotliDecompressSync(page.bytes).toString('utf8'), /<script/);
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/);
  }
  const own = { 'Remote-User': 'alice' };
  for (const path of [
    '/api/v1/me',
    '/api/v1/me/devices',
    '/api/v1/second-step/clock',
    '/api/v1/admin/mail',
    '/x',
  ]) {
    assert.equal((await get(socket, path, own)).headers['cache-control'], 'no-store', path);
  }
});

test('an unchanged page is a 304; gzip, and none, for who takes no brotli; HEAD', { skip }, async () => {
  const socket = bench.file('run', 'web.sock');
  const plain = await get(socket, '/second-step');
  assert.equal(plain.headers['content-encoding'], undefined);
  const gzip = await get(socket, '/second-step', { 'Accept-Encoding': 'gzip' });
  assert.deepEqual(gunzipSync(gzip.bytes), plain.bytes);
  const etag = String(plain.headers.etag);
  assert.equal((await get(socket, '/second-step', { 'If-None-Match': etag })).status, 304);
  assert.equal((await get(socket, '/second-step', { 'If-None-Match': '"other"' })).status, 200);
  const head = await get(socket, '/second-step', {}, 'HEAD');
  assert.deepEqual([head.status, head.bytes.length], [200, 0]);
});

test('what is not there is a problem document, and no path leads out', { skip }, async () => {
  const socket = bench.file('run', 'web.sock');
  for (const path of ['/assets/x.js', '/assets/../package.json', '/assets/__proto__', '/second-step/', '/']) {
    const answer = await get(socket, path);
    assert.deepEqual([answer.status, JSON.parse(answer.bytes.toString()).code], [404, 'not-found'], path);
  }
  assert.equal((await get(socket, '/second-step', {}, 'POST')).status, 404);
  // Pages belong to web.sock alone.
  assert.equal((await get(bench.file('run', 'admin.sock'), '/second-step')).status, 404);
});

test('pages that were not built are said to be, and nothing else fails', () => {
  const serve = pageServer(() => null);
  const asked = (path: string) => serve({ method: 'GET', path } as Parameters<typeof serve>[0]);
  assert.throws(() => asked('/personal'), { code: 'not-found', message: /not built/ });
  assert.equal(asked('/api/v1/me'), false);
});
