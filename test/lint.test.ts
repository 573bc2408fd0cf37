// Owns the proof that the bans of biome.json bite where they should, and nowhere else.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const BIOME = join(ROOT, 'node_modules/.bin/biome');

/**
 * Lints files, by their path in the repository, under our rules. Gives for each path the lines on which the
 * sentence was said, and Biome's exit code.
 */
function lint(files: Readonly<Record<string, string>>, said: string) {
  const root = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    cpSync(join(ROOT, 'biome.json'), join(root, 'biome.json'));
    cpSync(join(ROOT, 'lint'), join(root, 'lint'), { recursive: true });
    for (const [path, code] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), code);
    }
    const run = spawnSync(
      process.execPath,
      [BIOME, 'lint', '--reporter=github', '--max-diagnostics=none', ...Object.keys(files)],
      { cwd: root, encoding: 'utf8' },
    );
    assert.doesNotMatch(run.stdout, /::.* errored: /, 'a rule that could not be evaluated');
    const lines = run.stdout.split('\n').filter((line) => line.includes(`::${said}`));
    const at = (path: string) =>
      lines
        .filter((line) => line.includes(`/${path},`))
        .map((line) => Number(/,line=(\d+)/.exec(line)?.[1]))
        .sort((one, other) => one - other);
    return { at, status: run.status };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The sentence that a rule says, as it stands in lint/. */
function sentence(rule: string): string {
  const text = readFileSync(join(ROOT, 'lint', `${rule}.grit`), 'utf8');
  const message = /message\s*=\s*"([^"]+)"/.exec(text)?.[1];
  assert.ok(message, `lint/${rule}.grit has a message`);
  return message;
}

interface Ban {
  readonly rule: string;
  /** A file in which the ban holds. */
  readonly where: string;
  /** Files in which the same code is allowed. */
  readonly unless: readonly string[];
  readonly banned: readonly string[];
  readonly fine: readonly string[];
}

const BANS: readonly Ban[] = [
  {
    rule: 'time',
    where: 'daemon/login/x.ts',
    unless: ['daemon/kernel/instant.ts', 'test/login/x.test.ts', 'scripts/x.ts'],
    banned: [
      'export const a = Date.now();',
      'export const a = [1].map(Date.now);',
      'export const a = new Date();',
      'export const a = Date();',
      'export const a = performance.now();',
      "import { performance } from 'node:perf_hooks';",
    ],
    fine: ['export const a = new Date(3).toISOString();', 'export const a = Date.parse("2026-11-24");'],
  },
  {
    rule: 'randomness',
    where: 'daemon/store/x.ts',
    unless: ['daemon/kernel/random.ts', 'test/store/x.test.ts'],
    banned: [
      'export const a = Math.random();',
      "import { randomBytes } from 'node:crypto';",
      "import { createHash, randomUUID as id } from 'node:crypto';",
      'export const a = crypto.getRandomValues(b);',
      'export const a = crypto.randomInt(6);',
    ],
    fine: ["import { createHash } from 'node:crypto';", 'export const a = (random) => random(32);'],
  },
  {
    rule: 'process',
    where: 'daemon/compose.ts',
    unless: ['daemon/main.ts', 'test/x.test.ts', 'scripts/x.ts'],
    banned: [
      'export const a = process.env;',
      'export const a = globalThis.process;',
      "import { env } from 'node:process';",
    ],
    fine: ['export const a = { process: 1 }.process;'],
  },
  {
    rule: 'console',
    where: 'daemon/main.ts',
    unless: ['test/x.test.ts', 'scripts/x.ts'],
    banned: ['console.log(1);', 'export const a = console;'],
    fine: ['export const a = b.console;'],
  },
  {
    rule: 'replies',
    where: 'daemon/sockets/login.ts',
    unless: [
      'daemon/sockets/door.ts',
      'daemon/sockets/reply.ts',
      'daemon/sockets/problem.ts',
      'daemon/sockets/app.ts',
    ],
    banned: [
      'ctx.status = 200;',
      'ctx.body = {};',
      'ctx.response.status = 200;',
      'response.statusCode = 200;',
      'response.writeHead(200, {});',
      "ctx.redirect('/');",
      'ctx.respond = false;',
    ],
    fine: ['export const a = { status: 200 };', 'if (reply.status === 200) a();'],
  },
  {
    rule: 'code-from-text',
    where: 'daemon/main.ts',
    unless: ['test/x.test.ts'],
    banned: ["eval('1');", "export const a = new Function('return 1');", "import { Script } from 'node:vm';"],
    fine: ['export const a = b.eval;'],
  },
  {
    rule: 'shell',
    where: 'daemon/accounts/x.ts',
    unless: ['test/x.test.ts'],
    banned: [
      "import { exec } from 'node:child_process';",
      "import { execFile, execSync } from 'node:child_process';",
      "import { spawnSync } from 'node:child_process';",
      "spawn('getent', [name], { shell: true });",
      "spawn('getent', [name], { timeout: 1, shell: '/bin/sh' });",
    ],
    fine: [
      "import { execFile, spawn } from 'node:child_process';",
      "spawn('getent', [name], { shell: false });",
      "export const a = { ...b, shell: c, d: spawn('getent', [name], { ...e }) };",
      "export const a = /a/.exec('a');",
    ],
  },
  {
    rule: 'network',
    where: 'daemon/login/x.ts',
    unless: ['daemon/sockets/listen.ts', 'daemon/cli/client.ts', 'test/x.test.ts'],
    banned: [
      "import net from 'node:net';",
      "import { request } from 'node:http';",
      "import { connect, isIP } from 'node:net';",
      "import 'node:tls';",
      "export const a = import('node:https');",
      "export const a = fetch('http://localhost');",
    ],
    fine: [
      "import { isIPv4, isIPv6 } from 'node:net';",
      "import type { Socket } from 'node:net';",
      'export const a = b.fetch(1);',
    ],
  },
  {
    rule: 'sleep',
    where: 'test/login/x.test.ts',
    unless: ['daemon/sockets/gate.ts'],
    banned: [
      "import { setTimeout as sleep } from 'node:timers/promises';",
      'await new Promise((resolve) => setTimeout(resolve, 5));',
      'await new Promise<void>((resolve) => { setTimeout(resolve, 5); });',
      'await new Promise((done) => { setTimeout(() => done(1), 5); });',
    ],
    fine: [
      'const deadline = setTimeout(() => child.kill(), 5_000);',
      'await new Promise((_, reject) => { setTimeout(() => reject(new Error("too late")), 5_000); });',
    ],
  },
];

for (const { rule, where, unless, banned, fine } of BANS)
  test(`lint: ${rule}`, () => {
    const code = `${[...banned, ...fine].join('\n')}\n`;
    const files = Object.fromEntries([where, ...unless].map((path) => [path, code]));
    const { at, status } = lint(files, sentence(rule));
    assert.deepEqual(
      [...new Set(at(where))],
      banned.map((_, index) => index + 1),
      `in ${where}, exactly the first ${banned.length} lines of:\n${code}`,
    );
    for (const path of unless) assert.deepEqual(at(path), [], `nothing in ${path}`);
    assert.equal(status, 1, 'a finding is an error');
  });

test('lint: every rule of lint/ is in biome.json and has a proof', () => {
  const rules = readdirSync(join(ROOT, 'lint')).map((file) => file.replace('.grit', ''));
  const configured: { plugins: { path: string }[] } = JSON.parse(
    readFileSync(join(ROOT, 'biome.json'), 'utf8'),
  );
  assert.deepEqual(configured.plugins.map(({ path }) => basename(path, '.grit')).sort(), rules.sort());
  assert.deepEqual(BANS.map(({ rule }) => rule).sort(), rules);
});
