// Owns the proof that the house is built to its plan, and that a house which is not would be noticed.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { importsOf, problemsOf } from './architecture.check.ts';

const DAEMON = join(import.meta.dirname, '../daemon');

function sources(): Map<string, string> {
  const files = readdirSync(DAEMON, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .sort();
  return new Map(files.map((path) => [path, readFileSync(join(DAEMON, path), 'utf8')]));
}

test('the house is built to its plan', () => {
  const files = sources();
  assert.ok(files.size > 0);
  assert.equal(problemsOf(files).join('\n'), '');
});

/** A house of a few files, each with the line that says what it owns. */
const house = (files: Record<string, string>) =>
  problemsOf(new Map(Object.entries(files).map(([path, code]) => [path, `// Owns a test.\n${code}\n`])));

const WRONG: readonly (readonly [string, Record<string, string>, RegExp])[] = [
  [
    'a rule that reads the store',
    { 'login/challenge.ts': "import { a } from '../store/a.ts';", 'store/a.ts': '' },
    /^login\/challenge\.ts: is of kind rule, which may not import store\/a\.ts .*pure/,
  ],
  [
    'a rule that knows the store by type',
    { 'login/challenge.ts': "import type { A } from '../store/a.ts';", 'store/a.ts': '' },
    /kind rule, which may not import store/,
  ],
  [
    'a rule that takes more than types of a contract',
    { 'login/challenge.ts': "import { FORMS, type Form } from '../wire/login.ts';", 'wire/login.ts': '' },
    /only types from wire/,
  ],
  [
    'a rule that reads files',
    { 'policy/requirement.ts': "import { readFileSync } from 'node:fs';" },
    /may not import node:fs/,
  ],
  [
    'a rule that reads the clock',
    {
      'policy/requirement.ts': "import { DAY, wallClock } from '../kernel/instant.ts';",
      'kernel/instant.ts': '',
    },
    /may import wallClock: time comes in/,
  ],
  [
    'a use-case that draws randomness by itself',
    { 'login/begin.ts': "import * as r from '../kernel/random.ts';", 'kernel/random.ts': '' },
    /may import systemRandom/,
  ],
  [
    'a use-case that knows a socket',
    { 'login/begin.ts': "import { a } from '../sockets/app.ts';", 'sockets/app.ts': '' },
    /kind use-case, which may not import sockets/,
  ],
  [
    'a use-case with two transactions',
    { 'login/answer.ts': 'await state.write(a);\nawait state.write(b);' },
    /may open 1 write transactions, not 2/,
  ],
  [
    'a step with a transaction',
    { 'verification/verify.ts': 'await state.write(a);' },
    /may open 0 write transactions, not 1/,
  ],
  [
    'a socket that reads the store, over several lines',
    { 'sockets/admin.ts': "import {\n  a,\n  b,\n} from '../store/a.ts';", 'store/a.ts': '' },
    /kind socket, which may not import store/,
  ],
  [
    'a socket that passes the store on',
    { 'sockets/admin.ts': "export * from '../store/a.ts';", 'store/a.ts': '' },
    /kind socket, which may not import store/,
  ],
  [
    'a command that reads the store when asked',
    { 'cli/user.ts': "const { a } = await import('../store/a.ts');", 'store/a.ts': '' },
    /kind cli, which may not import store/,
  ],
  ['an import nobody can check', { 'cli/user.ts': 'await import(name);' }, /name is computed/],
  [
    'a door that somebody else opens',
    { 'login/challenge.ts': "import { admit } from './decision.ts';", 'login/decision.ts': '' },
    /only login\/begin\.ts.* may import admit/,
  ],
  [
    'a circle, even of types',
    { 'wire/a.ts': "import type { B } from './b.ts';", 'wire/b.ts': "import type { A } from './a.ts';" },
    /in a circle: wire\/a\.ts → wire\/b\.ts → wire\/a\.ts/,
  ],
  ['a package in the wrong place', { 'login/begin.ts': "import Koa from 'koa';" }, /koa belongs to sockets/],
  ['a package nobody chose', { 'cli/user.ts': "import chalk from 'chalk';" }, /not in the table of packages/],
  ['SQL outside the store', { 'login/begin.ts': "import 'node:sqlite';" }, /node:sqlite belongs to store/],
  ['a child from anywhere', { 'mail/smtp.ts': "import { spawn } from 'node:child_process';" }, /belongs to/],
  ['a file the plan does not know', { 'utilities/misc.ts': '' }, /not in the table of kinds/],
  ['an import from the tests', { 'cli/user.ts': "import { a } from '../../test/a.ts';" }, /not under daemon/],
  ['a long file', { 'cli/user.ts': 'a\n'.repeat(300) }, /301|302 lines/],
];

for (const [name, files, message] of WRONG)
  test(`noticed: ${name}`, () => {
    const problems = house(files);
    assert.equal(problems.filter((problem) => message.test(problem)).length, 1, problems.join('\n'));
  });

test('noticed: a file that does not say what it owns', () => {
  const problems = problemsOf(new Map([['cli/user.ts', "import type { Readable } from 'node:stream';\n"]]));
  assert.deepEqual(problems, ['cli/user.ts: the first line does not say what the file owns ("// Owns …")']);
});

test('what is allowed is not noticed', () => {
  const problems = house({
    'main.ts': "import { compose } from './compose.ts';",
    'compose.ts': "import { wallClock } from './kernel/instant.ts';\nimport { a } from './store/a.ts';",
    'kernel/instant.ts': '',
    'store/a.ts': "import { DatabaseSync } from 'node:sqlite';",
    'wire/login.ts': "import * as v from 'valibot';",
    'login/decision.ts': "import type { A } from '../wire/login.ts';",
    'login/answer.ts': "import { a } from './outcome.ts';\nawait state.write(a);",
    'login/outcome.ts': "import { admit } from './decision.ts';",
    'sockets/login.ts': "import { a } from '../login/answer.ts';\nimport Koa, { type Context } from 'koa';",
  });
  assert.deepEqual(problems, []);
});

test('a commented import is not an import', () => {
  assert.deepEqual(
    importsOf("/* import a from 'a'; */\n// import b from 'b';\nconst u = 'https://x'; // import('c')\n"),
    [],
  );
});
