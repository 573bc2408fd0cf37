// Owns the whole fault matrix: every operation, fault and moment on a real daemon, written down in docs/RELIABILITY.md.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CALLS, castOf, FAULTS, type Fault, runCell } from '../test/faults/matrix.ts';
import { OPERATIONS } from '../test/faults/operations.ts';
import { Bench } from '../test/scenarios/bench.ts';
import { Mailbox } from '../test/scenarios/mailbox.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = join(ROOT, 'docs', 'RELIABILITY.md');
/** What was counted so far, a file an operation and a column: a run that is stopped goes on where it was. */
const COUNTED = join(ROOT, '.dev', 'faults');
/** A run that ends early has killed and failed everything once. */
const MOST_TOLD_FIRST: readonly Fault[] = ['kill', 'EIO', 'ENOSPC', 'EROFS'];
const BEGIN = '<!-- made by scripts/faults -->';
const END = '<!-- end -->';

interface Counts {
  moments: number;
  answered: number;
  old: number;
  changed: number;
}

type Row = Partial<Record<Fault, Counts>>;

/** Every moment of one operation under one fault. */
async function column(operation: string, fault: Fault): Promise<Counts> {
  const counts = { moments: 0, answered: 0, old: 0, changed: 0 };
  const bench = new Bench({});
  const mailbox = new Mailbox();
  try {
    await bench.start();
    await mailbox.start();
    const cast = await castOf(bench, mailbox);
    for (const call of CALLS) {
      for (let nth = 1; ; nth++) {
        const { met, status, seen } = await runCell(cast, { operation, fault, call, nth });
        if (!met) break;
        counts.moments++;
        if (status !== null && status < 500) counts.answered++;
        counts[seen === 'old' ? 'old' : 'changed']++;
      }
    }
    return counts;
  } finally {
    await bench.clear();
    await mailbox.stop();
    rmSync(bench.root, { recursive: true, force: true });
  }
}

const fileOf = (operation: string) => join(COUNTED, `${operation.replace(/[^A-Za-z]+/g, '-')}.json`);

function rowOf(operation: string): Row {
  return existsSync(fileOf(operation)) ? JSON.parse(readFileSync(fileOf(operation), 'utf8')) : {};
}

function tableOf(rows: ReadonlyMap<string, Row>): string {
  const total = { moments: 0, answered: 0, old: 0, changed: 0 };
  const missing: string[] = [];
  const lines = [...rows].map(([operation, row]) => {
    const cells = FAULTS.map((fault) => {
      const counts = row[fault];
      if (!counts) {
        missing.push(`${operation} with ${fault}`);
        return '–';
      }
      for (const key of ['moments', 'answered', 'old', 'changed'] as const) total[key] += counts[key];
      return `${counts.moments}: ${counts.answered} / ${counts.old} / ${counts.changed}`;
    });
    return `| ${operation} | ${cells.join(' | ')} |`;
  });
  const head = [`| operation | ${FAULTS.join(' | ')} |`, `| --- | ${FAULTS.map(() => '---').join(' | ')} |`];
  const { moments, answered, old, changed } = total;
  const rest = missing.length > 0 ? ` Not counted yet: ${missing.join(', ')}.` : '';
  const sum = `${moments} moments in all: ${answered} answered, ${old} as before, ${changed} changed; none half, no answer without its record, nobody locked out.${rest}`;
  return [BEGIN, '', ...head, ...lines, '', sum, '', END].join('\n');
}

const named = process.argv.slice(2);
/** `scripts/faults none` only writes down what was counted. */
const wanted = named.length > 0 ? named.filter((name) => name in OPERATIONS) : Object.keys(OPERATIONS);
mkdirSync(COUNTED, { recursive: true });
for (const fault of MOST_TOLD_FIRST) {
  for (const operation of wanted) {
    const row = rowOf(operation);
    if (row[fault]) continue;
    const counts = await column(operation, fault);
    process.stdout.write(`${operation}, ${fault}: ${JSON.stringify(counts)}\n`);
    writeFileSync(fileOf(operation), JSON.stringify({ ...row, [fault]: counts }));
  }
}
const rows = Object.keys(OPERATIONS).map((operation): [string, Row] => [operation, rowOf(operation)]);
const page = readFileSync(PAGE, 'utf8');
const after = page.slice(page.indexOf(END) + END.length);
writeFileSync(PAGE, page.slice(0, page.indexOf(BEGIN)) + tableOf(new Map(rows)) + after);
