// Owns the check against a schema, and an explanation that never repeats what was received.

import * as v from 'valibot';
import { Fault } from '../kernel/fault.ts';
import type { Schema } from '../wire/contract.ts';

const MOST_TOLD = 3;

/**
 * Valibot's own sentences quote the value, which may be a code or a token. This one stands in for them; a
 * sentence that the contract gives itself comes first.
 */
function sentence(issue: v.BaseIssue<unknown>): string {
  if (issue.expected === 'never') return 'has a field that is not known';
  if (issue.input === undefined) return 'is required';
  return issue.expected === null ? 'is not valid' : `must be ${issue.expected}`;
}

const PARTS = ['entries', 'pipe', 'options', 'wrapped', 'item', 'items', 'rest', 'key', 'value'] as const;
const namesOf = new WeakMap<object, ReadonlySet<string>>();

/** Every field name that a schema knows, at any depth. */
function fieldNames(schema: Schema): ReadonlySet<string> {
  const ready = namesOf.get(schema);
  if (ready !== undefined) return ready;
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const collect = (part: unknown): void => {
    if (typeof part !== 'object' || part === null || seen.has(part)) return;
    seen.add(part);
    if ('entries' in part) for (const name of Object.keys(part.entries as object)) names.add(name);
    const isSchema = 'kind' in part && typeof part.kind === 'string';
    const inner = isSchema ? PARTS.map((key) => (part as Record<string, unknown>)[key]) : part;
    for (const one of Object.values(inner)) collect(one);
  };
  collect(schema);
  namesOf.set(schema, names);
  return names;
}

/** Where it is: names from the contract and positions in lists; a name that the sender made up is a star. */
function place(issue: v.BaseIssue<unknown>, names: ReadonlySet<string>): string {
  const path = issue.expected === 'never' ? (issue.path ?? []).slice(0, -1) : (issue.path ?? []);
  return path
    .map(({ key }) => (typeof key === 'number' || names.has(String(key)) ? String(key) : '*'))
    .join('.');
}

/**
 * The value as the schema makes it. `part` is what the explanation calls it: body, query, path.
 * @throws Fault `malformed-request`, which names the place and what is allowed there.
 */
export function shaped(schema: Schema, value: unknown, part: string): unknown {
  const result = v.safeParse(schema, value, { message: sentence, abortPipeEarly: true });
  if (result.success) return result.output;
  const told = result.issues.slice(0, MOST_TOLD).map((issue) => {
    const where = place(issue, fieldNames(schema));
    return `${where === '' ? `the ${part}` : `"${where}" in the ${part}`} ${issue.message}`;
  });
  throw new Fault(
    'malformed-request',
    `This request was not understood: ${told.join('; ')}.`,
    'Compare it with the contract of this socket in docs/INTEGRATION.md.',
  );
}
