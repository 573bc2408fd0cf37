// Owns the proof that the schema itself refuses what must never be stored, whoever writes it.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { after, afterEach, beforeEach, test } from 'node:test';
import { openDatabase } from '../../daemon/store/database.ts';

type Row = Record<string, unknown>;

/** One right row a table; every case below changes one column of it. */
const RIGHT: Readonly<Record<string, Row>> = {
  board: { id: 1, key_id: Buffer.alloc(8), floor: 0, created_at: 0 },
  policy: { id: 1, scope: 'none', grace_days: 7, version: 1, starts_at: null, changed_at: 0 },
  policy_name: { policy: 1, kind: 'user', name: 'alice', uid: 1000 },
  user: {
    id: 1,
    name: 'alice',
    uid: 1000,
    generation: 1,
    counter: 0,
    grace_from: null,
    removed_at: null,
    missing_since: null,
  },
  factor: {
    user: 1,
    secret: Buffer.alloc(4),
    enrolled_at: 0,
    enrolled_step: 0,
    last_step: 0,
    earliest_step: 0,
    pair_first: 0,
    drift: 0,
    last_login: null,
    bucket: 0,
    bucket_at: 0,
    strangers_failures: 0,
    strangers_failed_at: 0,
    known_failures: 0,
    known_failed_at: 0,
    step_up_failures: 0,
    step_up_failed_at: 0,
  },
  burnt_step: { user: 1, step: 5 },
  recovery_code: { user: 1, hash: Buffer.alloc(32), kind: 'code', created_at: 0, expires_at: null },
  redemption: {
    login: Buffer.alloc(32),
    proof: Buffer.alloc(32),
    user: 1,
    generation: 1,
    policy: 1,
    given_name: 'alice',
    service: 'web',
    address: null,
    notice: null,
    expires_at: 0,
    device: null,
    redeemed: 0,
  },
  trusted_device: {
    id: 1,
    user: 1,
    generation: 1,
    name: 'laptop',
    browser: null,
    system: null,
    address: null,
    since: 0,
    last_used: 0,
    rotated_at: 0,
    until: 1,
    ended_at: 1,
    because: 'expired',
  },
  device_token: { hash: Buffer.alloc(32), device: 1, state: 0 },
  security_email: {
    user: 1,
    address: 'alice@example.com',
    confirmed_at: 0,
    pending: 'a@example.org',
    locale: 'en',
  },
  mailed_code: {
    subject: Buffer.alloc(32),
    kind: 'emergency',
    user: 1,
    hash: Buffer.alloc(32),
    tries: 5,
    issued_at: 0,
    expires_at: 0,
  },
  mail_request: { id: 1, user: 1, lane: 'strangers', at: 0 },
  stored_login: {
    login: Buffer.alloc(32),
    user: 1,
    generation: 1,
    policy: 1,
    given_name: 'alice',
    service: 'web',
    address: null,
    user_agent: 'Firefox',
    locale: 'en',
    lane: 'known',
    source: 'none',
    expires_at: 0,
  },
  password_reset: { user: 1, at: 0 },
  mail: {
    id: 1,
    version: 1,
    provider: 'smtp',
    sender: 'nas@example.com',
    host: 'mail.example.com',
    port: 587,
    security: 'starttls',
    account: 'nas@example.com',
    ca_file: '/etc/ssl/own.pem',
    password: Buffer.alloc(4),
    refresh_token: Buffer.alloc(4),
    tried_at: 0,
    trouble: 'timeout',
    trouble_text: 'no answer',
  },
  letter: {
    id: 1,
    user: 1,
    lane: 'notice',
    topic: 'failures',
    recipient: 'alice@example.com',
    locale: 'en',
    content: Buffer.alloc(4),
    message_id: '<1@example.com>',
    state: 'queued',
    unsure: 0,
    queued_at: 0,
    expires_at: 0,
  },
  audit: {
    id: 1,
    at: 0,
    user: 'alice',
    service: null,
    address: null,
    outcome: 'allow',
    because: null,
    actor: null,
  },
};

/** Columns that may be empty; each other one may not. */
const EMPTY = new Set([
  'grace_from',
  'removed_at',
  'missing_since',
  'last_login',
  'address',
  'notice',
  'service',
  'because',
  'actor',
  'browser',
  'system',
]);
/** Those of them that hold text. */
const EMPTY_TEXT = new Set(['address', 'notice', 'service', 'because', 'actor', 'browser', 'system']);
/** NULL here is a new number (INTEGER PRIMARY KEY), or goes with the kind (below). */
const NULL_ELSEWHERE = new Set([
  'board.id',
  'policy.id',
  'policy.starts_at',
  'policy_name.uid',
  'user.id',
  'audit.id',
  'recovery_code.expires_at',
  'factor.user',
  'redemption.device',
  'trusted_device.id',
  'trusted_device.ended_at',
  'security_email.user',
  'security_email.address',
  'security_email.confirmed_at',
  'security_email.pending',
  'mailed_code.user',
  'mail_request.id',
  'stored_login.user_agent',
  'stored_login.locale',
  'password_reset.user',
  'mail.id',
  'mail.provider',
  'mail.sender',
  'mail.host',
  'mail.port',
  'mail.security',
  'mail.account',
  'mail.ca_file',
  'mail.password',
  'mail.refresh_token',
  'mail.tried_at',
  'mail.trouble',
  'mail.trouble_text',
  'letter.id',
  'letter.recipient',
  'letter.content',
]);

const REFUSED: readonly (readonly [table: string, change: Row])[] = [
  ['board', { id: 2 }],
  ['board', { key_id: Buffer.alloc(7) }],
  ['board', { key_id: Buffer.alloc(9) }],
  ['policy', { id: 2 }],
  ['policy', { id: 3, starts_at: 5 }],
  ['policy', { starts_at: 5 }],
  ['policy', { scope: 'some' }],
  ['policy', { scope: 'NONE' }],
  ['policy', { grace_days: -1 }],
  ['policy', { grace_days: 366 }],
  ['policy', { version: 0 }],
  ['policy_name', { policy: 2 }],
  ['policy_name', { kind: 'host' }],
  ['policy_name', { kind: 'group' }],
  ['policy_name', { kind: 'except-group' }],
  ['policy_name', { uid: null }],
  ['policy_name', { name: '' }],
  ['policy_name', { uid: -1 }],
  ['user', { name: '' }],
  ['user', { uid: -1 }],
  ['user', { uid: 4_294_967_295 }],
  ['user', { generation: 0 }],
  ['user', { counter: -1 }],
  ['factor', { user: 2 }],
  ['factor', { pair_first: 2 }],
  ['factor', { drift: -2 }],
  ['factor', { drift: 2 }],
  ['factor', { bucket: -1 }],
  ['factor', { bucket: 9_216_000_001 }],
  ['factor', { strangers_failures: -1 }],
  ['factor', { known_failures: -1 }],
  ['factor', { step_up_failures: -1 }],
  ['burnt_step', { user: 2 }],
  ['recovery_code', { user: 2 }],
  ['recovery_code', { hash: Buffer.alloc(31) }],
  ['recovery_code', { kind: 'other' }],
  ['recovery_code', { kind: 'pass' }],
  ['recovery_code', { expires_at: 1 }],
  ['redemption', { user: 2 }],
  ['redemption', { login: Buffer.alloc(31) }],
  ['redemption', { proof: Buffer.alloc(33) }],
  ['redemption', { redeemed: 2 }],
  ['redemption', { device: 2 }],
  ['trusted_device', { user: 2 }],
  ['trusted_device', { name: '' }],
  ['trusted_device', { name: 'x'.repeat(101) }],
  ['trusted_device', { until: -1 }],
  ['trusted_device', { ended_at: null }],
  ['trusted_device', { because: null }],
  ['device_token', { device: 2 }],
  ['device_token', { hash: Buffer.alloc(31) }],
  ['device_token', { state: 3 }],
  ['security_email', { user: 2 }],
  ['security_email', { address: null }],
  ['security_email', { address: null, confirmed_at: null, pending: null }],
  ['security_email', { address: '@' }],
  ['security_email', { pending: 'a'.repeat(255) }],
  ['security_email', { confirmed_at: null }],
  ['security_email', { locale: 'de' }],
  ['mailed_code', { user: 2 }],
  ['mailed_code', { user: null }],
  ['mailed_code', { kind: 'other' }],
  ['mailed_code', { subject: Buffer.alloc(31) }],
  ['mailed_code', { hash: Buffer.alloc(33) }],
  ['mailed_code', { tries: 6 }],
  ['mailed_code', { tries: -1 }],
  ['mail_request', { user: 2 }],
  ['mail_request', { lane: 'other' }],
  ['stored_login', { user: 2 }],
  ['stored_login', { login: Buffer.alloc(31) }],
  ['stored_login', { lane: 'step-up' }],
  ['password_reset', { user: 2 }],
  ['mail', { id: 2 }],
  ['mail', { version: 0 }],
  ['mail', { provider: 'other' }],
  ['mail', { provider: null }],
  ['mail', { sender: null }],
  ['mail', { port: 0 }],
  ['mail', { port: 65_536 }],
  ['mail', { security: 'none' }],
  ['mail', { trouble: 'timeout', tried_at: null }],
  ['letter', { lane: 'other' }],
  ['letter', { locale: 'de' }],
  ['letter', { state: 'lost' }],
  ['letter', { state: 'sent' }],
  ['letter', { content: null }],
  ['letter', { recipient: null }],
  ['letter', { unsure: 2 }],
];

const TAKEN: readonly (readonly [table: string, other: Row])[] = [
  ['user', { id: 2, uid: 1001 }],
  ['user', { id: 2, name: 'bob' }],
  ['policy_name', { uid: 7 }],
  ['factor', {}],
  ['burnt_step', {}],
  ['recovery_code', { created_at: 9 }],
  ['redemption', { proof: Buffer.alloc(32, 1) }],
  ['redemption', { login: Buffer.alloc(32, 1) }],
  ['device_token', { state: 1 }],
  ['security_email', { pending: null }],
  ['mailed_code', { kind: 'reset' }],
  ['stored_login', { lane: 'strangers' }],
  ['password_reset', { at: 5 }],
  ['mail', { version: 2 }],
  ['letter', { message_id: '<2@example.com>' }],
  ['letter', { id: 2 }],
];

const folder = mkdtempSync(join(tmpdir(), 'fygo-schema-'));
const db: DatabaseSync = openDatabase(join(folder, 'state.db'), true);

after(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

beforeEach(() => db.exec('BEGIN'));
afterEach(() => db.exec('ROLLBACK'));

function insert(table: string, change: Row = {}): void {
  const row = { ...RIGHT[table], ...change };
  const columns = Object.keys(row);
  const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
  db.prepare(sql).run(...(Object.values(row) as SQLInputValue[]));
}

/** Tables that belong to a user. */
const HIS = [
  'factor',
  'recovery_code',
  'redemption',
  'trusted_device',
  'security_email',
  'mailed_code',
  'mail_request',
  'stored_login',
  'password_reset',
];

/** What the table's foreign keys need. */
function parents(table: string): void {
  if (table === 'burnt_step' || table === 'device_token' || HIS.includes(table)) insert('user');
  if (table === 'device_token') insert('trusted_device');
  if (table === 'burnt_step') insert('factor');
  if (table === 'policy_name') insert('policy');
}

const CONSTRAINT = /constraint failed|cannot store|datatype mismatch/;

test('the right rows are the whole schema, and all go in', () => {
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all();
  assert.deepEqual(tables.map(({ name }) => name).sort(), Object.keys(RIGHT).sort());
  for (const [table, row] of Object.entries(RIGHT)) {
    const columns = db.prepare(`SELECT name FROM pragma_table_info('${table}')`).all();
    assert.deepEqual(columns.map(({ name }) => name).sort(), Object.keys(row).sort(), table);
    insert(table);
  }
  insert('recovery_code', { hash: Buffer.alloc(32, 1), kind: 'pass', expires_at: 5 });
});

for (const [table, change] of REFUSED) {
  test(`${table} refuses ${shown(change)}`, () => {
    parents(table);
    assert.throws(() => insert(table, change), CONSTRAINT);
    insert(table);
  });
}

for (const [table, other] of TAKEN) {
  test(`${table} refuses a second one that differs by ${shown(other)} only`, () => {
    parents(table);
    insert(table);
    assert.throws(() => insert(table, other), /UNIQUE constraint failed/);
  });
}

for (const [table, row] of Object.entries(RIGHT)) {
  test(`${table}: no column takes another type, and only those that may be empty take NULL`, () => {
    parents(table);
    for (const [column, value] of Object.entries(row)) {
      const wrong = typeof value === 'string' || EMPTY_TEXT.has(column) ? Buffer.from('x') : 'x';
      assert.throws(() => insert(table, { [column]: wrong }), CONSTRAINT, `${column} takes another type`);
      if (EMPTY.has(column) || NULL_ELSEWHERE.has(`${table}.${column}`)) continue;
      assert.throws(
        () => insert(table, { [column]: null }),
        /NOT NULL constraint failed/,
        `${column} takes NULL`,
      );
    }
    insert(table);
  });
}

test('with a user goes everything that is his, with a factor its burnt steps', () => {
  for (const table of ['user', ...HIS, 'burnt_step', 'device_token']) insert(table);
  const left = (table: string) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n;
  db.exec('DELETE FROM factor');
  assert.deepEqual(['burnt_step', 'recovery_code', 'redemption'].map(left), [0, 1, 1]);
  insert('factor');
  insert('burnt_step');
  db.exec('DELETE FROM user');
  assert.deepEqual(
    ['burnt_step', 'device_token', ...HIS].map(left),
    ['burnt_step', 'device_token', ...HIS].map(() => 0),
  );
});

test('the number of a user who was deleted is never given again', () => {
  insert('user', { id: 7 });
  db.exec('DELETE FROM user');
  db.exec("INSERT INTO user (name, uid, generation, counter) VALUES ('bob', 1001, 1, 0)");
  assert.equal(db.prepare('SELECT id FROM user').get()?.id, 8);
});

function shown(change: Row): string {
  return (
    Object.entries(change)
      .map(
        ([column, value]) =>
          `${column} ${Buffer.isBuffer(value) ? `of ${value.length} bytes` : String(value)}`,
      )
      .join(', ') || 'nothing'
  );
}
