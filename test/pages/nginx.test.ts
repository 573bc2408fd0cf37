// Owns the proof that the nginx configuration of the documents is a gateway: it names the user, and nobody else does.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { noStage, type Stage, theatre } from './stage.ts';
import { oathtool } from './visitor.ts';

const NGINX = '/usr/sbin/nginx';
const EXAMPLE = join(import.meta.dirname, '../../docs/examples/nginx.conf');
const skip = noStage('../sbin/nginx');
const house = theatre(skip, { shared: false });

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The document's configuration with other places: no certificate, and ports that are free here. */
function configured(stage: Stage, folder: string, port: number): string {
  const example = readFileSync(EXAMPLE, 'utf8')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port};`)
    .replaceAll(/^ *ssl_certificate.*\n/gm, '')
    .replace('/run/fygo-2fa/web.sock', stage.bench.file('run', 'web.sock'))
    .replace('127.0.0.1:5000', new URL(stage.url).host);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/${kind};`)
    .join(' ');
  return `daemon off; master_process off; pid ${folder}/pid; error_log stderr;
events {}
http { access_log ${folder}/access.log; ${temporary}
${example}
}
`;
}

/** Starts nginx; resolves when it accepts connections. */
async function nginx(t: TestContext, stage: Stage): Promise<{ url: string; log: () => string }> {
  const folder = mkdtempSync(join(tmpdir(), 'fygo-nginx-'));
  const port = await freePort();
  writeFileSync(join(folder, 'nginx.conf'), configured(stage, folder, port));
  const child = spawn(
    NGINX,
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'error_log stderr notice;'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  t.after(async () => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true });
  });
  let said = '';
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (/start(?:ed)? worker process|using the "epoll"/.test(said)) resolve();
  });
  child.once('exit', () => reject(new Error(said)));
  await promise;
  const log = () => readFileSync(join(folder, 'access.log'), 'utf8');
  return { url: `http://127.0.0.1:${port}/`, log };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

function get(url: string, headers: Readonly<Record<string, string>> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers }, (reply) => {
      let body = '';
      reply.setEncoding('latin1').on('data', (part: string) => {
        body += part;
      });
      reply.once('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body }));
    });
    sent.once('error', reject);
    sent.end();
  });
}

test('a login through nginx; identities, foreign sites and caching at its gate', { skip }, async (t) => {
  const stage = await house.own(t);
  const phone = await stage.bench.enrolled('alice');
  const { url, log } = await nginx(t, stage);
  stage.url = url;
  const alice = await stage.visitor(t);
  await alice.password('alice');
  await alice.page
    .getByLabel('One-time password', { exact: true })
    .fill(oathtool(phone.secret, stage.bench.now));
  await alice.isIn('alice');
  await alice.page.getByRole('link', { name: 'Personal Settings' }).click();
  await alice.page.getByText('Signed in as alice').waitFor();
  assert.doesNotMatch(log(), /login=|proof/, 'neither the login nor the proof is in a URL');

  const page = await get(`${url}second-step`, { 'Accept-Encoding': 'br' });
  assert.equal(page.headers['content-encoding'], 'br');
  assert.match(String(page.headers['content-security-policy']), /script-src 'self';/);
  const again = await get(`${url}second-step`, { 'If-None-Match': String(page.headers.etag) });
  assert.equal(again.status, 304);

  const [cookie] = await alice.context.cookies(url);
  const session = { Cookie: `${cookie?.name}=${cookie?.value}` };
  assert.equal((await get(`${url}api/v1/me`)).status, 401);
  assert.equal((await get(`${url}api/v1/me`, { 'Remote-User': 'alice' })).status, 401);
  const forged = await get(`${url}api/v1/me`, { ...session, 'Remote-User': 'bob' });
  assert.equal(JSON.parse(forged.body).name, 'alice');
  const foreign = { ...session, Origin: 'https://evil.example', 'Content-Type': 'application/json' };
  const refused = await get(`${url}api/v1/me/enrolment`, foreign, 'POST');
  assert.equal(JSON.parse(refused.body).code, 'cross-site');
  const { body } = await stage.bench.asRoot('GET /v1/audit?user=alice&limit=1');
  assert.equal((body.rows?.[0] as { address?: string } | undefined)?.address, '127.0.0.1');
});
