// Owns how the command line speaks: every word it prints goes through here and is made harmless on its way.

import type { Fault } from '../kernel/fault.ts';
import type { Io } from './io.ts';
import { table } from './table.ts';
import { columns, padded, printable, wrapped } from './text.ts';

/** Prose is not set wider than this, however wide the terminal is. */
const MEASURE = 80;
const NARROWEST = 40;

export type Tone = 'good' | 'warn' | 'bad' | 'plain';

const COLOURS = { good: '32', warn: '33', bad: '31', plain: '' } as const;
const MARKS = {
  unicode: { good: '✓', warn: '!', bad: '✗', plain: '·', hint: '→' },
  ascii: { good: 'ok', warn: '!', bad: 'x', plain: '-', hint: '->' },
} as const;

export interface Say {
  /** How many columns a line may take. */
  readonly width: number;
  /** Whether colours may be used on standard output. */
  readonly colourful: boolean;
  /** An empty line, or a heading or line of its own. */
  line(text?: string): void;
  /** Prose, wrapped, `indent` columns from the left. */
  paragraph(text: string, indent?: number): void;
  /** One finding with its mark and colour, and what to do about it below. */
  note(tone: Tone, text: string, hint?: string): void;
  /** Names on the left, what belongs to them on the right. */
  pairs(rows: readonly (readonly [string, string])[]): void;
  /** A table whose first row is its heading; the columns with these numbers wrap where it is too wide. */
  table(rows: readonly (readonly string[])[], giving: readonly number[]): void;
  /** A drawing made by the daemon itself, control sequences and all. */
  drawing(text: string): void;
  /** One JSON document in one line. */
  json(document: unknown): void;
  /** A question, on standard error so that it is seen where the output goes to a file. */
  prompt(text: string): void;
  /** Ends the line of a question that nobody answered. */
  unanswered(): void;
  /** What went wrong: a document on standard output for a program, two lines on standard error for a person. */
  fault(fault: Fault, json: boolean): void;
}

/** Makes the voice for these streams. */
export function sayTo(io: Io): Say {
  const width = widthOf(io);
  const marks = /utf-?8/i.test(io.env.LC_ALL || io.env.LC_CTYPE || io.env.LANG || '')
    ? MARKS.unicode
    : MARKS.ascii;
  const plainWanted = (io.env.NO_COLOR ?? '') !== '' || io.env.TERM === 'dumb';
  const out = (text: string) => void io.stdout.write(`${text}\n`);
  const err = (text: string) => void io.stderr.write(`${text}\n`);

  function note(print: (text: string) => void, tty: boolean, tone: Tone, text: string, hint?: string) {
    const paint = (mark: string) =>
      tty && !plainWanted && COLOURS[tone] !== '' ? `\x1b[${COLOURS[tone]}m${mark}\x1b[0m` : mark;
    for (const row of hanging(marks[tone], paint, text, width, 0)) print(row);
    if (hint) for (const row of hanging(marks.hint, (mark) => mark, hint, width, 2)) print(row);
  }

  return {
    width,
    colourful: io.tty.stdout && !plainWanted,
    line: (text = '') => out(printable(text)),
    paragraph(text, indent = 0) {
      for (const row of wrapped(printable(text), width - indent))
        out(`${' '.repeat(indent)}${row}`.trimEnd());
    },
    note: (tone, text, hint) => note(out, io.tty.stdout, tone, text, hint),
    pairs(rows) {
      const left = Math.max(...rows.map(([name]) => columns(printable(name))));
      for (const [name, value] of rows) {
        const lines = wrapped(printable(value), width - left - 4);
        lines.forEach((text, i) => {
          out(`  ${padded(i === 0 ? printable(name) : '', left)}  ${text}`.trimEnd());
        });
      }
    },
    table(rows, giving) {
      for (const row of table(
        rows.map((cells) => cells.map(printable)),
        width,
        giving,
      ))
        out(row);
    },
    drawing: (text) => void io.stdout.write(text),
    json: (document) => out(harmlessJson(document)),
    prompt: (text) => void io.stderr.write(printable(text)),
    unanswered: () => void io.stderr.write('\n'),
    fault(fault, json) {
      const { code, message, hint } = fault;
      if (json) out(harmlessJson({ error: { code, message, hint } }));
      else note(err, io.tty.stderr, 'bad', message, hint);
    },
  };
}

/** A mark, and the text beside it with all its lines under each other. */
function hanging(
  mark: string,
  paint: (mark: string) => string,
  text: string,
  width: number,
  indent: number,
): string[] {
  const left = indent + columns(mark) + 1;
  return wrapped(printable(text), width - left).map((row, i) =>
    i === 0 ? `${' '.repeat(indent)}${paint(mark)} ${row}` : `${' '.repeat(left)}${row}`,
  );
}

function widthOf(io: Io): number {
  const told = Number(io.env.COLUMNS) || io.columns || MEASURE;
  return Math.min(MEASURE, Math.max(NARROWEST, Math.trunc(told)));
}

/** JSON that a terminal can show: what JSON.stringify lets through (C1 controls, bidi marks) is escaped as JSON allows. */
function harmlessJson(document: unknown): string {
  return JSON.stringify(document).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
