// Owns the proof that docs/INTEGRATION.md is the contract: its examples, its tables and the client it prints.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import * as v from 'valibot';
import { Fault, type FaultCode } from '../../daemon/kernel/fault.ts';
import { problemOf } from '../../daemon/sockets/problem.ts';
import type { Contract } from '../../daemon/wire/contract.ts';
import {
  allowed,
  DENIALS,
  EXPLANATIONS,
  FORMS,
  loginContract,
  METHODS,
  NOTICES,
  REFUSALS,
} from '../../daemon/wire/login.ts';
import { problem } from '../../daemon/wire/problem.ts';
import { webContract } from '../../daemon/wire/web.ts';
import { Bench, lacking } from '../scenarios/bench.ts';
import { says } from '../scenarios/client.ts';
import { Phone } from '../scenarios/phone.ts';
import { blocks, read, section, tableCodes } from './page.ts';

const PAGE = read('docs/INTEGRATION.md');
const EXAMPLES = blocks(PAGE).filter(({ label }) => label.startsWith('json'));
const CONTRACTS: Readonly<Record<string, Contract>> = { login: loginContract, web: webContract };

/** Replies without an example, each because it cannot be had or is shown with another operation. */
const UNSHOWN: Readonly<Record<string, string>> = {
  'enrol 403': 'as of confirm',
  'confirm 429': 'a first code never waits',
};

/** The schema that an example's label names: `json login begin 401`, `json web answer request`. */
function schemaOf(label: string) {
  const [, socket = '', id = '', what = ''] = label.split(' ');
  if (socket === 'problem') return problem;
  const operation = CONTRACTS[socket]?.[id];
  const schema = what === 'request' ? operation?.body : operation?.replies[Number(what)];
  return schema ?? assert.fail(`"${label}" names nothing in the contracts`);
}

for (const [index, { label, text }] of EXAMPLES.entries())
  test(`example ${index + 1}, ${label}, is what the contract says, and nothing more`, () => {
    const document: unknown = JSON.parse(text);
    assert.deepEqual(v.parse(schemaOf(label), document), document);
  });

test('an example of a problem has the status and title that the daemon gives its code', () => {
  const problems = EXAMPLES.filter(({ label }) => label.startsWith('json problem'));
  assert.ok(problems.length > 0);
  for (const { label, text } of problems) {
    const { code, status, title, type, detail = '', hint = '' } = v.parse(problem, JSON.parse(text));
    const given = problemOf(new Fault(code as FaultCode, detail, hint));
    assert.deepEqual({ code, status, title, type, detail, hint }, given);
    assert.equal(label, `json problem ${given.status}`);
  }
});

test('every operation of login.sock has an example of what it takes and of each answer', () => {
  const shown = new Set(EXAMPLES.map(({ label }) => label));
  const missing: string[] = [];
  for (const [id, { body, path, replies }] of Object.entries<Contract[string]>(loginContract)) {
    assert.ok(PAGE.includes(path), path);
    if (body && !shown.has(`json login ${id} request`)) missing.push(`${id} request`);
    for (const [status, document] of Object.entries(replies)) {
      if (document && !shown.has(`json login ${id} ${status}`)) missing.push(`${id} ${status}`);
    }
  }
  assert.deepEqual(missing.sort(), Object.keys(UNSHOWN).sort());
});

test('every word of the contract has its row or is explained', () => {
  const rows = tableCodes(PAGE);
  const reasons = allowed.entries.because.options;
  for (const word of [...DENIALS, ...REFUSALS, ...EXPLANATIONS, ...NOTICES, ...reasons])
    assert.ok(rows.has(word), `no row for ${word}`);
  for (const word of [...FORMS, ...METHODS]) assert.ok(PAGE.includes(`\`${word}\``), word);
});

test('the table of problems has the status of each code', () => {
  const rows = tableCodes(section(PAGE, 'Problems'));
  assert.ok(rows.size > 10);
  for (const [code, status] of rows)
    assert.equal(status, String(problemOf(new Fault(code as FaultCode, '', '')).status), code);
});

const skip = lacking();

/** Runs the page's client. `type` gives each line that is asked for, from what was printed so far. */
async function runClient(bench: Bench, user: string, type: (printed: string, asked: number) => string) {
  const [client] = blocks(PAGE).filter(({ label }) => label === 'ts');
  const file = bench.file('client.mts');
  writeFileSync(file, client?.text ?? assert.fail('the page has no client'));
  const child = spawn(process.execPath, [file, bench.file('run', 'login.sock'), user]);
  let printed = '';
  let asked = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    for (const wanted = printed.split('code:').length - 1; asked < wanted; asked++)
      child.stdin.write(`${type(printed, asked)}\n`);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, printed, asked, end: printed.trimEnd().split('\n').at(-1) };
}

const silent = () => assert.fail('nothing was to be asked');

test('the client lets in who need not enrol, and not who is unknown', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const bob = await runClient(bench, 'bob', silent);
  assert.deepEqual([bob.code, bob.end], [0, 'in: bob']);
  const nobody = await runClient(bench, 'nobody-here', silent);
  assert.deepEqual([nobody.code, nobody.end], [1, 'not in']);
});

test('the client asks again after a wrong code, and three are enough', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const wrong = phone.wrong(bench.now);
  const late = phone.code(bench.now - 4 * 60_000);
  const typed = [wrong, late, phone.code(bench.now)];
  const run = await runClient(bench, 'alice', (_, asked) => typed[asked] ?? wrong);
  assert.deepEqual([run.code, run.end, run.asked], [0, 'in: alice', 3]);
  assert.match(
    run.printed,
    /no time server confirms that time\..* single\ncode:\nThis code was right 4 minutes ago/,
  );
  const again = await runClient(bench, 'alice', () => wrong);
  assert.deepEqual([again.code, again.end, again.asked], [1, 'not in', 3]);
});

test('the client takes a recovery code in the same field', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const phone = await bench.enrolled('alice');
  const run = await runClient(bench, 'alice', () => phone.recoveryCodes[0] ?? '');
  assert.deepEqual([run.code, run.end], [0, 'in: alice']);
});

test('the client enrols who has to', { skip }, async (t) => {
  const bench = await Bench.started(t);
  const set = await bench.asRoot(
    'PUT /v1/policy',
    { scope: 'all', graceDays: 0, force: true },
    { 'If-Match': '"1"' },
  );
  says(set, 200);
  const run = await runClient(bench, 'bob', (printed) => {
    const [, secret = ''] = /^bob@\S+ ([A-Z2-7]{32})$/m.exec(printed) ?? [];
    return new Phone(secret).code(bench.now);
  });
  assert.deepEqual([run.code, run.end], [0, 'in: bob']);
  assert.equal(run.printed.match(/^keep: /gm)?.length, 10);
});

test('the client lets nobody in while the daemon is away', { skip }, async (t) => {
  const bench = await Bench.started(t);
  await bench.kill();
  const run = await runClient(bench, 'bob', silent);
  assert.deepEqual([run.code, run.end], [1, 'not in']);
});
