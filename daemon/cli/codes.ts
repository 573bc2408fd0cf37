// Owns how recovery codes are handed over.

import type { Session } from './command.ts';
import { table } from './table.ts';
import { columns } from './text.ts';

/** The codes in two columns, and what they are good for. They are shown this once. */
export function printRecoveryCodes(say: Session['say'], name: string, codes: readonly string[]): void {
  const numbered = codes.map((code, i) => `${String(i + 1).padStart(4)}  ${code}`);
  say.line(`Recovery codes of ${name}:`);
  say.line();
  for (const row of inColumns(numbered, say.width)) say.line(row);
  say.line();
  say.paragraph(
    'Each of them opens the door once, when the phone is lost or broken. Keep them where the phone is not: on paper, or in a password manager. They are not shown again.',
  );
}

/** Two columns, read downwards, where they fit. */
function inColumns(numbered: readonly string[], width: number): readonly string[] {
  const half = Math.ceil(numbered.length / 2);
  const rows = table(
    numbered.slice(0, half).map((code, i) => [code, numbered[half + i] ?? '']),
    width,
    [],
  );
  return rows.every((row) => columns(row) <= width) ? rows : numbered;
}
