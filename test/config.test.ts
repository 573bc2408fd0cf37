// Owns the proof that config.toml is read whole, judged whole, and that its shipped example says the defaults.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SECTIONS } from '../daemon/config/shape.ts';
import { type Config, loadConfig, readConfig } from '../daemon/config.ts';
import { Fault } from '../daemon/kernel/fault.ts';

const EXAMPLE = fileURLToPath(new URL('../docs/examples/config.toml', import.meta.url));

const DEFAULTS: Config = {
  clock: { servers: [0, 1, 2, 3].map((n) => ({ host: `${n}.debian.pool.ntp.org`, port: 123 })) },
  accounts: { administratorGroups: ['sudo', 'administrators'] },
  limits: {
    connections: 64,
    logins: 10_000,
    auditRows: 100_000,
    auditDays: 365,
    trustedDeviceDays: 30,
    directoryTimeout: 2_000,
  },
  outlook: { clientId: null, endpoint: 'https://login.microsoftonline.com/common/oauth2/v2.0' },
  brand: { issuer: 'Fygo NAS' },
};

async function faultOf(text: string): Promise<Fault> {
  try {
    await loadConfig(text, 'config.toml');
  } catch (error) {
    assert.ok(error instanceof Fault, String(error));
    assert.equal(error.code, 'config-invalid');
    assert.notEqual(error.hint, '');
    return error;
  }
  return assert.fail(`accepted: ${text}`);
}

async function problems(text: string): Promise<string[]> {
  return (await faultOf(text)).message.split('\n');
}

test('no file, an empty file and empty sections give the defaults', async () => {
  assert.deepEqual(await loadConfig(null, 'config.toml'), DEFAULTS);
  assert.deepEqual(await loadConfig('', 'config.toml'), DEFAULTS);
  assert.deepEqual(await loadConfig('# nothing\n[limits]\n[clock]\n', 'x'), DEFAULTS);
});

test('the shipped example loads, equals the defaults and explains every key', async () => {
  assert.deepEqual(await readConfig(EXAMPLE), DEFAULTS);
  const text = await readFile(EXAMPLE, 'utf8');
  for (const [section, shape] of Object.entries(SECTIONS)) {
    assert.match(text, new RegExp(`^\\[${section}\\]$`, 'm'));
    for (const key of Object.keys(shape.entries)) assert.match(text, new RegExp(`^(# )?${key} = `, 'm'), key);
  }
});

test('every key is read', async () => {
  const config = await loadConfig(
    `[clock]
servers = ["NTP.example.com", "192.0.2.1:1123", "[2001:db8::1]:124", "[::1]"]
[accounts]
administrator_groups = ["domain admins"]
[limits]
connections = 4
logins = 50_000
audit_rows = 100
audit_days = 1
trusted_device_days = 0
directory_timeout_seconds = 30
[outlook]
client_id = "0f0f-aa"
endpoint = "http://127.0.0.1:8080/oauth"
[brand]
issuer = "我的 NAS"
`,
    'config.toml',
  );
  assert.deepEqual(config, {
    clock: {
      servers: [
        { host: 'ntp.example.com', port: 123 },
        { host: '192.0.2.1', port: 1123 },
        { host: '2001:db8::1', port: 124 },
        { host: '::1', port: 123 },
      ],
    },
    accounts: { administratorGroups: ['domain admins'] },
    limits: {
      connections: 4,
      logins: 50_000,
      auditRows: 100,
      auditDays: 1,
      trustedDeviceDays: 0,
      directoryTimeout: 30_000,
    },
    outlook: { clientId: '0f0f-aa', endpoint: 'http://127.0.0.1:8080/oauth' },
    brand: { issuer: '我的 NAS' },
  });
});

test('dotted keys and inline tables are the same settings', async () => {
  const config = await loadConfig('limits.logins = 99\nbrand = { issuer = "Box" }\n', 'config.toml');
  assert.deepEqual([config.limits.logins, config.brand.issuer], [99, 'Box']);
});

test('all problems are reported at once, each with its line and a way out', async () => {
  const found = await problems(`logins = 5
[clock]
servers = [
  "0.pool.example",
  "0.pool.example:123",
  "pool.example:70000",
]
[limits]
conections = 3
connections = 3
logins = "many"
audit_days = 1.5
[brnad]
issuer = "ignored"
[brand]
issuer = "a:b"
`);
  assert.deepEqual(found, [
    'config.toml:1: logins: stands outside its section; write it under [limits]',
    'config.toml:3: [clock] servers: must have 4 to 16 entries, has 3',
    'config.toml:5: [clock] servers: entry 2 is listed twice',
    'config.toml:6: [clock] servers: entry 3 must be "host", "host:port" or "[IPv6 address]:port", the port from 1 to 65535',
    'config.toml:9: [limits] conections: unknown key; allowed are connections, logins, audit_rows, audit_days, trusted_device_days, directory_timeout_seconds; did you mean connections?',
    'config.toml:10: [limits] connections: must be a whole number from 4 to 256',
    'config.toml:11: [limits] logins: must be a whole number from 16 to 50000',
    'config.toml:12: [limits] audit_days: must be a whole number from 1 to 3650',
    'config.toml:13: [brnad]: unknown section; allowed are clock, accounts, limits, outlook, brand; did you mean brand?',
    'config.toml:16: [brand] issuer: must be 1 to 64 characters without ":" (authenticator apps split at it), control characters, or spaces at its ends',
  ]);
});

const UNFIT: readonly (readonly [line: number, text: string, about: RegExp])[] = [
  [1, 'limits = 5', /\[limits\]: must be one table/],
  [1, '[[limits]]\nconnections = 5', /\[limits\]: must be one table/],
  [1, 'limits = 1979-05-27', /\[limits\]: must be one table/],
  [1, '[limits.connections]\nx = 1', /connections: must be a whole number/],
  [2, '[limits]\nconnections = { a = 1 }', /connections: must be a whole number/],
  [2, '[limits]\nconnections = 257', /from 4 to 256/],
  [2, '[limits]\nconnections = 99999999999999999999', /from 4 to 256/],
  [2, '[limits]\nlogins = 15', /from 16 to 50000/],
  [2, '[limits]\naudit_rows = 99', /from 100 to 1000000/],
  [2, '[limits]\naudit_days = 0', /from 1 to 3650/],
  [2, '[limits]\ntrusted_device_days = 91', /from 0 to 90/],
  [2, '[limits]\ntrusted_device_days = -1', /from 0 to 90/],
  [2, '[limits]\ndirectory_timeout_seconds = inf', /from 1 to 30/],
  [2, '[limits]\ndirectory_timeout_seconds = nan', /from 1 to 30/],
  [2, '[limits]\naudit-rows = 500', /did you mean audit_rows\?/],
  [2, '[limits]\n"__proto__" = 1', /__proto__: unknown key/],
  [1, '[__proto__]\na = 1', /\[__proto__\]: unknown section/],
  [1, '["a\\nb\\u2028"]\na = 1', /\["a\\nb\?"\]: unknown section/],
  [2, '[accounts]\nadministrator_groups = "sudo"', /must be a list of group names/],
  [2, '[accounts]\nadministrator_groups = ["a", 5]', /entry 2 must be the name of a group/],
  [2, '[accounts]\nadministrator_groups = ["a:b"]', /entry 1 must be the name of a group/],
  [2, '[outlook]\nclient_id = "a b"', /must be the application \(client\) ID/],
  [2, '[outlook]\nendpoint = "http://login.example.com"', /must be an https:\/\/ address/],
  [2, '[outlook]\nendpoint = "https://user:word@login.example.com"', /must be an https:\/\/ address/],
  [2, '[outlook]\nendpoint = "https://login.example.com/?x"', /must be an https:\/\/ address/],
  [2, '[outlook]\nendpoint = "file:///etc/passwd"', /must be an https:\/\/ address/],
  [2, '[brand]\nissuer = ""', /1 to 64 characters/],
  [2, '[brand]\nissuer = "a\\u0007b"', /1 to 64 characters/],
  [2, '[brand]\nissuer = "a\\u202eb"', /1 to 64 characters/],
  [2, '[brand]\nissuer = " NAS"', /1 to 64 characters/],
  [2, `[brand]\nissuer = "${'n'.repeat(65)}"`, /1 to 64 characters/],
  [2, '[brand]\nissuer = 5', /1 to 64 characters/],
];

for (const [line, text, about] of UNFIT) {
  test(`refused: ${JSON.stringify(text)}`, async () => {
    const found = await problems(text);
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', new RegExp(`^config\\.toml:${line}: `));
    assert.match(found[0] ?? '', about);
  });
}

const NOT_SERVERS = [
  '',
  '-a',
  'a b',
  'host:',
  'host:0',
  'host:65536',
  'host:1e3',
  '::1',
  '[::1',
  '[host]:123',
].concat(['300.1.1.1', '1.2.3', 'a..b', 'host/path', 'a\\u0000b', 'http://host', `${'a'.repeat(64)}.org`]);

for (const entry of NOT_SERVERS) {
  test(`not an NTP server: "${entry}"`, async () => {
    const [problem] = await problems(`[clock]\nservers = ["a", "b", "c",\n"${entry}"]`);
    assert.match(problem ?? '', /^config\.toml:3: \[clock\] servers: entry 4 must be "host"/);
  });
}

test('a value is never repeated in a problem: it may be a secret pasted into the wrong place', async () => {
  const { message } = await faultOf('[outlook]\nclient_id = "hunter2 hunter2"\nclient_secret = "hunter2"\n');
  assert.match(message, /client_secret: unknown key/);
  assert.doesNotMatch(message, /hunter2/);
});

test('what is not TOML is reported with line and column', async () => {
  assert.match(
    await problems('[limits]\nconnections = \n').then(String),
    /^config\.toml:2:14: is not TOML here: /,
  );
  assert.match(await problems('[limits]\nlogins = 50\nlogins = 60\n').then(String), /^config\.toml:3:1: /);
});

test('readConfig: no file is the defaults; a folder, other bytes and a problem name the file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'config-'));
  try {
    const path = join(folder, 'config.toml');
    assert.deepEqual(await readConfig(path), DEFAULTS);

    await writeFile(path, '\ufeff[brand]\nissuer = "Box"\n');
    assert.equal((await readConfig(path)).brand.issuer, 'Box');

    await writeFile(path, Buffer.from([0x23, 0xff, 0xfe]));
    await assert.rejects(readConfig(path), { code: 'config-invalid', message: `${path}: is not UTF-8 text` });

    await writeFile(path, '\n\nx = 1');
    await assert.rejects(readConfig(path), (fault: Fault) => fault.message.startsWith(`${path}:3: `));

    await assert.rejects(readConfig(join(path, 'below')), {
      code: 'config-invalid',
      message: `${path}/below: cannot be read: a part of its path is not a folder`,
    });
    await rm(path);
    await mkdir(path);
    await assert.rejects(readConfig(path), {
      code: 'config-invalid',
      message: `${path}: cannot be read: it is a folder`,
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
