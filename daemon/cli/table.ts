// Owns the layout of tables: columns as wide as they need, wrapped where the terminal is narrower.

import { columns, padded, wrapped } from './text.ts';

const GAP = 2;
const NARROWEST = 8;

/**
 * The lines of a table whose first row is its heading. Nothing is cut off: where the rows are wider than `width`,
 * the widest of the columns that may give way become narrower and their cells go on in the next line.
 * @param rows cells of printable text, the same number in each row
 * @param width in columns of the terminal
 * @param giving the numbers of the columns that may give way; the others stay as wide as they need
 */
export function table(
  rows: readonly (readonly string[])[],
  width: number,
  giving: readonly number[],
): string[] {
  const widths = fitted(natural(rows), width, giving);
  return rows.flatMap((row) => {
    const cells = row.map((cell, i) => wrapped(cell, widths[i] ?? 0));
    const height = Math.max(...cells.map((lines) => lines.length));
    return Array.from({ length: height }, (_, y) =>
      cells
        .map((lines, i) => padded(lines[y] ?? '', widths[i] ?? 0))
        .join(' '.repeat(GAP))
        .trimEnd(),
    );
  });
}

function natural(rows: readonly (readonly string[])[]): number[] {
  return (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => columns(row[i] ?? ''))));
}

function fitted(widths: readonly number[], width: number, giving: readonly number[]): number[] {
  const fit = [...widths];
  const room = width - GAP * (fit.length - 1);
  while (fit.reduce((sum, one) => sum + one, 0) > room) {
    const widest = Math.max(...giving.map((i) => fit[i] ?? 0));
    if (widest <= NARROWEST) break;
    const gives = giving.find((i) => fit[i] === widest);
    if (gives === undefined) break;
    fit[gives] = widest - 1;
  }
  return fit;
}
