// Owns the proof that the documents name what is there: links, files, and an entry for every code a person may meet.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { codeMailed, DENIALS, EXPLANATIONS, NOTICES, REFUSALS } from '../../daemon/wire/login.ts';
import { WARNINGS } from '../../daemon/wire/warning.ts';
import { ARROWS } from '../architecture.table.ts';
import { documents, headings, ROOT, read, section, tableCodes } from './page.ts';

/** The anchor that a heading gets, as the usual renderers make it. */
function anchors(text: string): Set<string> {
  const found = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
  return new Set(found);
}

for (const path of documents()) {
  const text = read(path);

  test(`${path}: every link leads somewhere`, () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target)) continue;
      const [file = '', anchor] = target.split('#');
      const there = file === '' ? path : normalize(join(dirname(path), file));
      assert.ok(existsSync(join(ROOT, there)), `${target}: no such file`);
      if (anchor) assert.ok(anchors(read(there)).has(anchor), `${target}: no such heading`);
    }
  });

  test(`${path}: every file it names is there`, () => {
    const named = text.matchAll(/`((?:daemon|test|docs|scripts|lint|bench)\/[\w./-]+)`/g);
    for (const [, file = ''] of named) assert.ok(existsSync(join(ROOT, file)), `${file}: no such file`);
  });
}

test('TROUBLESHOOTING has one entry for each code, and none for a code that is gone', () => {
  const mailed = [codeMailed[409], codeMailed[503]].flatMap(({ entries }) => entries.because.options);
  // What makes the daemon "down" carries the code of the fault itself, or is found by the command line.
  const down = ['schema-too-new', 'daemon-unreachable'];
  const start = ['config-invalid', 'already-running'];
  const wanted = [
    ...DENIALS,
    ...REFUSALS,
    ...EXPLANATIONS,
    ...NOTICES,
    ...mailed,
    ...WARNINGS,
    ...down,
    ...start,
  ];
  assert.deepEqual(headings(read('docs/TROUBLESHOOTING.md')).sort(), [...new Set(wanted)].sort());
});

test('TROUBLESHOOTING in Chinese has the same entries', () => {
  const [english, chinese] = ['docs/TROUBLESHOOTING.md', 'docs/TROUBLESHOOTING.zh-CN.md'].map((path) =>
    headings(read(path)).sort(),
  );
  assert.deepEqual(chinese, english);
});

test('ARCHITECTURE has a row for each folder of the house and for each kind of file', () => {
  const page = read('docs/ARCHITECTURE.md');
  const rows = tableCodes(section(page, 'Folders'));
  for (const entry of readdirSync(join(ROOT, 'daemon'), { withFileTypes: true })) {
    const name = entry.isDirectory() ? `${entry.name}/` : entry.name;
    assert.ok(rows.has(name), `no row for daemon/${name}`);
  }
  const kinds = section(page, 'The architecture test');
  for (const kind of Object.keys(ARROWS))
    assert.ok(new RegExp(`^\\| ${kind} +\\|`, 'm').test(kinds), `no row for the kind ${kind}`);
});
