// Owns the check of a read config.toml: all its problems at once, each with its line and a way out.

import * as v from 'valibot';
import type { Entry } from './document.ts';
import { type FileShape, fileShape, SECTIONS } from './shape.ts';
import { suggest } from './suggest.ts';

export interface Problem {
  readonly line: number;
  readonly text: string;
}

type Section = keyof typeof SECTIONS;

const SECTION_NAMES = Object.keys(SECTIONS);

function isSection(name: string): name is Section {
  return Object.hasOwn(SECTIONS, name);
}

function keysOf(section: Section): string[] {
  return Object.keys(SECTIONS[section].entries);
}

/** A key as it can be shown: one that is not bare is quoted, so that no control character gets out. */
function shown(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key).replaceAll(/[^ -~]/g, '?');
}

function unknown(what: string, name: string, allowed: readonly string[]): string {
  const near = suggest(name, allowed);
  return `unknown ${what}; allowed are ${allowed.join(', ')}${near ? `; did you mean ${near}?` : ''}`;
}

function unknownSection(name: string, kind: Entry['kind']): string {
  const home = SECTION_NAMES.filter(isSection).find((section) => keysOf(section).includes(name));
  if (kind === 'value' && home) return `${name}: stands outside its section; write it under [${home}]`;
  const label = kind === 'value' ? shown(name) : `[${shown(name)}]`;
  return `${label}: ${unknown('section', name, SECTION_NAMES)}`;
}

/**
 * Judges what the file says. Gives the values with every default filled in, or all problems in the order of
 * their lines. Values are never repeated in a problem: somebody may have pasted a secret.
 */
export function checkDocument(entries: readonly Entry[]): FileShape | readonly Problem[] {
  const problems: Problem[] = [];
  const places = new Map<string, Entry>();
  const reported = new Set<string>();
  const values: Record<string, Record<string, unknown>> = {};

  const once = (key: string, line: number, text: string) => {
    if (reported.has(key)) return;
    reported.add(key);
    problems.push({ line, text });
  };

  for (const entry of entries) {
    const [section = '', key] = entry.path;
    if (!isSection(section)) {
      once(section, entry.line, unknownSection(section, entry.path.length === 1 ? entry.kind : 'table'));
    } else if (key === undefined) {
      if (entry.kind !== 'table')
        once(section, entry.line, `[${section}]: must be one table, "[${section}]"`);
    } else if (!keysOf(section).includes(key)) {
      const text = `[${section}] ${shown(key)}: ${unknown('key', key, keysOf(section))}`;
      once(`${section}.${key}`, entry.line, text);
    } else {
      const value = entry.path.length > 2 || entry.kind !== 'value' ? {} : entry.value;
      values[section] = { ...values[section], [key]: value };
      if (!places.has(`${section}.${key}`)) places.set(`${section}.${key}`, entry);
    }
  }

  const checked = v.safeParse(fileShape, values);
  for (const issue of checked.issues ?? []) {
    const [section, key, index] = (issue.path ?? []).map((step) => step.key);
    const place = places.get(`${section}.${key}`);
    const position = typeof index === 'number' ? index : null;
    problems.push({
      line: (position === null ? undefined : place?.elementLines[position]) ?? place?.line ?? 1,
      text: `[${section}] ${key}: ${position === null ? '' : `entry ${position + 1} `}${issue.message}`,
    });
  }
  if (problems.length === 0 && checked.success) return checked.output;
  return problems.sort((one, other) => one.line - other.line);
}
