// Owns how a TOML text becomes a flat list of what it says, each item with the line it stands on.

import type { AST } from 'toml-eslint-parser';

/** One thing the file says: a table's header, or a key with its value. */
export interface Entry {
  readonly path: readonly string[];
  readonly line: number;
  /** `tables` is an item of a list of tables, `[[name]]`. */
  readonly kind: 'table' | 'tables' | 'value';
  readonly value?: unknown;
  /** For a list: the line of each of its elements. */
  readonly elementLines: readonly number[];
}

/** A text that is not TOML. `line` and `column` count from 1. */
export class TomlError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, line: number, column: number) {
    super(message);
    this.name = 'TomlError';
    this.line = line;
    this.column = column;
  }
}

function names(key: AST.TOMLKey): string[] {
  return key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
}

function plain(node: AST.TOMLContentNode): unknown {
  if (node.type === 'TOMLArray') return node.elements.map(plain);
  return node.type === 'TOMLInlineTable' ? {} : node.value;
}

function* keyValue(node: AST.TOMLKeyValue, above: readonly string[]): Generator<Entry> {
  const path = [...above, ...names(node.key)];
  const line = node.loc.start.line;
  if (node.value.type === 'TOMLInlineTable') {
    yield { path, line, kind: 'table', elementLines: [] };
    for (const inner of node.value.body) yield* keyValue(inner, path);
    return;
  }
  const elements = node.value.type === 'TOMLArray' ? node.value.elements : [];
  const elementLines = elements.map((element) => element.loc.start.line);
  yield { path, line, kind: 'value', value: plain(node.value), elementLines };
}

function* walk(program: AST.TOMLProgram): Generator<Entry> {
  for (const node of program.body[0].body) {
    if (node.type === 'TOMLKeyValue') {
      yield* keyValue(node, []);
      continue;
    }
    const path = names(node.key);
    const kind = node.kind === 'array' ? 'tables' : 'table';
    yield { path, line: node.loc.start.line, kind, elementLines: [] };
    for (const inner of node.body) yield* keyValue(inner, path);
  }
}

/**
 * Reads a TOML 1.0 text. The parser is loaded here, on demand: a system without a configuration file never
 * pays for it.
 * @throws TomlError where the text is not TOML.
 */
export async function readDocument(text: string): Promise<Entry[]> {
  const { parseTOML, ParseError } = await import('toml-eslint-parser');
  const parse = (part: string) => {
    try {
      return parseTOML(part, { tomlVersion: '1.0.0' });
    } catch (error) {
      if (error instanceof ParseError) return error;
      throw error;
    }
  };
  const program = parse(text);
  if (!(program instanceof ParseError)) return [...walk(program)];
  // A value that is missing is noticed at the start of the next line: people look for it on its own.
  const before = program.column === 0 ? parse(text.slice(0, program.index).trimEnd()) : null;
  const { message, lineNumber, column } =
    before instanceof ParseError && before.message === program.message ? before : program;
  throw new TomlError(message, lineNumber, column + 1);
}
