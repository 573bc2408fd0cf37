// Owns how the tests read the project's documents: their fenced blocks, table rows, headings and links.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The checkout. */
export const ROOT = join(import.meta.dirname, '..', '..');

export interface Block {
  /** What stands behind the three backticks: the language, then words of our own. */
  readonly label: string;
  readonly text: string;
}

/** A document by its path in the checkout. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** Every document for people: those of docs/ and those beside it. */
export function documents(): string[] {
  const markdown = (folder: string) => readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.md'));
  return [...markdown('.'), ...markdown('docs').map((name) => `docs/${name}`)];
}

/** The fenced blocks of a document, without the indentation that a list gives them. */
export function blocks(text: string): Block[] {
  return [...text.matchAll(/^( *)```(\S[^\n]*)\n([\s\S]*?)^\1```$/gm)].map(
    ([, indent = '', label = '', inner = '']) => ({
      label,
      text: inner.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    }),
  );
}

/** What stands in backticks in the first cells of a document's tables, each with the second cell. */
export function tableCodes(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, first = '', second = ''] of text.matchAll(/^\| ([^|]+) \| ([^|]*) \|/gm)) {
    for (const [, code = ''] of first.matchAll(/`([^`]+)`/g)) found.set(code, second.trim());
  }
  return found;
}

/** The part of a document below a heading of the second level, up to the next one. */
export function section(text: string, heading: string): string {
  const [, ...parts] = text.split(/^## /m);
  return parts.find((part) => part.startsWith(`${heading}\n`)) ?? '';
}

/** The text of every heading of the third level. */
export function headings(text: string): string[] {
  return [...text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);
}
