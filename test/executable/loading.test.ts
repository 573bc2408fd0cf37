// Owns the proof of how the executable loads the one piece of machine code that it carries beside Node, and of what it
// opens altogether.

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { among, board, DIST, missing, notRoot, run, started, writableMemory, X64 } from './bench.ts';

const skip = missing(X64) || notRoot;

const NO_STATE = 'mkdir -p /var/lib/fygo-2fa; mount -t tmpfs -o ro none /var/lib/fygo-2fa';
const NO_MEMORY = 'mount -t tmpfs -o ro none /dev/shm';

const CASES: readonly (readonly [string, string])[] = [
  ['memory that runs no code', 'mount -t tmpfs -o noexec none /dev/shm'],
  ['memory that is read-only', NO_MEMORY],
  ['no folder of its own', NO_STATE],
  [
    'a folder of its own that runs no code',
    'mkdir -p /var/lib/fygo-2fa; mount -t tmpfs -o noexec none /var/lib/fygo-2fa',
  ],
  [
    'a folder of its own that is full',
    'mkdir -p /var/lib/fygo-2fa; mount -t tmpfs -o size=64k none /var/lib/fygo-2fa',
  ],
];

for (const [name, mounts] of CASES) {
  test(`it starts with ${name}`, { skip }, async (t) => {
    const root = board(t);
    const daemon = await started(t, among(mounts, [X64, 'serve', '--root', root]));
    assert.ok(daemon.ready, daemon.said);
    assert.equal((await daemon.stop()).code, 0);
  });
}

test('where no folder will do, it says so in words and serves nothing', { skip }, async (t) => {
  const root = board(t);
  // The executable itself has to stay where it can be run.
  const shut = [
    `mount --bind ${DIST} /mnt`,
    'mount --bind /tmp /tmp',
    'mount -o bind,remount,noexec /tmp',
    ...['/var/lib/fygo-2fa', '/dev/shm', '/run/fygo-2fa'].map(
      (path) => `mkdir -p ${path}; mount -t tmpfs -o noexec none ${path}`,
    ),
  ];
  const ending = await started(t, among(shut.join('; '), [`/mnt/${basename(X64)}`, 'serve', '--root', root]));
  assert.equal(ending.code, 71, ending.said);
  assert.match(ending.said, /^fygo-2fa cannot start: it needs a folder that is neither/);
  assert.doesNotMatch(ending.said, /ready|node:internal/);
});

test('an add-on that somebody planted is not looked at', { skip }, async (t) => {
  const root = board(t);
  const trap = join(root, 'trap.node');
  writeFileSync(trap, 'not even machine code');
  const beside = join(root, 'bin');
  const program = join(beside, 'fygo-2fa');
  mkdirSync(beside);
  copyFileSync(X64, program);
  for (const folder of [
    beside,
    join(beside, 'node_modules/koffi'),
    join(beside, 'node_modules/@koromix/koffi-linux-x64'),
    join(beside, 'build/koffi/linux_x64'),
    join(root, 'build/koffi/linux_x64'),
    join(root, 'home/.node_modules/koffi'),
  ]) {
    mkdirSync(folder, { recursive: true });
    for (const name of ['koffi.node', 'index.js', 'koffi']) {
      if (name === 'koffi') symlinkSync(trap, join(folder, name));
      else copyFileSync(trap, join(folder, name));
    }
  }
  const evil = join(root, 'evil.cjs');
  writeFileSync(evil, 'console.log("EVIL"); process.exit(9)');
  const env = {
    HOME: join(root, 'home'),
    NODE_PATH: beside,
    NODE_OPTIONS: `--require ${evil}`,
    TMPDIR: beside,
  };
  const file = join(root, 'trace');
  const words = ['strace', '-D', '-f', '-e', 'trace=file', '-o', file, program, 'serve', '--root', root];
  const daemon = await started(t, words, env);
  assert.ok(daemon.ready, daemon.said);
  await daemon.stop();
  const trace = readFileSync(file, 'utf8');
  assert.doesNotMatch(trace, /trap|koffi|evil\.cjs/);
  assert.match(trace, /O_TMPFILE/);
  assert.doesNotMatch(daemon.said, /EVIL/);
});

/** Beside these it opens what lies below its own folders. */
const ITS_WORLD = [
  // The loader and the C library.
  /^\/etc\/ld\.so\.(preload|cache)$/,
  /^\/(usr\/)?lib(64)?\/.*\.so(\.[0-9.]+)?$/,
  // What Node and the daemon ask the kernel.
  /^\/proc(\/|$)/,
  /^\/sys\/(fs\/cgroup|devices\/system\/cpu)\//,
  /^\/dev\/(null|urandom|shm)$/,
  // How names are resolved here, and who follows the clock.
  /^\/usr\/share\/zoneinfo\/UTC$/,
  /^\/etc\/(resolv\.conf|hosts|nsswitch\.conf|fstab|localtime|host\.conf|gai\.conf|svc\.conf|netsvc\.conf)$/,
  /^\/(var\/)?run\/(chrony|chronyd|ntpd|systemd)/,
  /^\/(var\/lib|run|etc)\/fygo-2fa(\/|$)/,
];

/** What Node and OpenSSL would read or write where an environment says so. docs/THREAT-MODEL.md names what is heeded. */
const TRAPS = [
  'OPENSSL_CONF',
  'OPENSSL_MODULES',
  'OPENSSL_ENGINES',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'SSLKEYLOGFILE',
  'NODE_EXTRA_CA_CERTS',
  'NODE_REDIRECT_WARNINGS',
  'NODE_REPL_HISTORY',
];

test('what an environment names is neither read nor written', { skip }, async (t) => {
  const root = board(t);
  const env = Object.fromEntries(TRAPS.map((name) => [name, join(root, `trap-${name}`)]));
  for (const [name, path] of Object.entries(env)) {
    if (/DIR|MODULES|ENGINES/.test(name)) mkdirSync(path);
    else writeFileSync(path, 'openssl_conf = evil\nnodejs_conf = evil\n[evil]\nproviders = gone\n');
  }
  const file = join(root, 'trace');
  const traced = ['strace', '-D', '-f', '-e', 'trace=file', '-o', file];
  const daemon = await started(t, [...traced, X64, 'serve', '--root', root], env);
  assert.ok(daemon.ready, daemon.said);
  assert.equal((await daemon.stop()).code, 0);
  const touched = [...readFileSync(file, 'utf8').matchAll(/trap-\w+/g)].map(([name]) => name);
  assert.deepEqual([...new Set(touched)], []);
});

test('a daemon that meets no network has no certificates in its memory', { skip }, async (t) => {
  const root = board(t);
  const daemon = await started(t, [X64, 'serve', '--root', root]);
  assert.ok(daemon.ready, daemon.said);
  const memory = writableMemory(daemon.child.pid ?? 0);
  assert.ok(memory.includes('fygo-2fa'), 'its memory was read');
  assert.equal(memory.indexOf('DigiCert Global Root'), -1);
  await daemon.stop();
});

test('it opens no file outside its own paths', { skip }, async (t) => {
  const root = board(t);
  const file = join(root, 'trace');
  const traced = ['strace', '-D', '-f', '-e', 'trace=open,openat,openat2,execve', '-o', file];
  const daemon = await started(t, [...traced, X64, 'serve', '--root', root]);
  assert.ok(daemon.ready, daemon.said);
  await daemon.stop();
  const opened = [
    ...readFileSync(file, 'utf8').matchAll(/(?:open\w*|execve)\((?:AT_FDCWD, )?"([^"]*)"/g),
  ].map(([, path = '']) => path);
  assert.ok(opened.length > 20);
  const foreign = opened.filter(
    (path) => !path.startsWith(root) && path !== X64 && !ITS_WORLD.some((pattern) => pattern.test(path)),
  );
  assert.deepEqual([...new Set(foreign)], []);
});

test('neither a signal nor a word opens a debugger', { skip }, async (t) => {
  const root = board(t);
  const daemon = await started(t, [X64, 'serve', '--root', root]);
  daemon.child.kill('SIGUSR1');
  const { said } = await daemon.stop();
  assert.doesNotMatch(said, /Debugger listening/);
  for (const word of ['--inspect=127.0.0.1:0', '-e', '--eval', '-r', '--require']) {
    const { code, said: answer } = run([X64, word, 'console.log("EVIL")']);
    assert.equal(code, 64, `${word}: ${answer}`);
    assert.doesNotMatch(answer, /^EVIL|listening/m);
  }
});

test('it needs no home, no environment, no /tmp and nothing that can be written but its own folders', {
  skip,
}, async (t) => {
  const root = board(t);
  const frozen = `mount --bind ${root} ${root}; mount -o bind,remount,ro /; ! touch ${dirname(root)}/x 2>/dev/null`;
  const words = ['env', '-i', 'HOME=/nonexistent', X64, 'serve', '--root', root];
  const daemon = await started(t, among(frozen, words));
  assert.ok(daemon.ready, daemon.said);
  assert.equal((await daemon.stop()).code, 0);
});
