// Owns the check of the sources against the plan of the house; pure, so that it can be shown wrong houses too.

import { posix } from 'node:path';
import { ARROWS, KINDS, type Kind, LONGEST, NODE_MODULES, PACKAGES, POWERS } from './architecture.table.ts';

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** The names taken, or `*`. */
  readonly names: readonly string[];
}

const STATIC =
  /^\s*(import|export)\s+(type\s+)?((?:[\w$]+\s*,\s*)?(?:\*(?:\s+as\s+[\w$]+)?|\{[^}]*\})|[\w$]+)\s+from\s+['"]([^'"]+)['"]/gm;
const BARE = /^\s*import\s+['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\s*\(([^)]*)\)/g;

function namesOf(clause: string): { names: string[]; allTypes: boolean } {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1];
  if (braces === undefined) return { names: ['*'], allTypes: false };
  const parts = braces
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const named = parts.map((part) => part.replace(/^type\s+/, '').split(/\s+/)[0] ?? '');
  return {
    names: named,
    allTypes: clause.startsWith('{') && parts.every((part) => part.startsWith('type ')),
  };
}

/** Every module a source names: static, dynamic and `import('…').Type`. `null` stands for one it computes. */
export function importsOf(source: string): (Import | null)[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
  const found: (Import | null)[] = [];
  for (const [, , type, clause = '', specifier = ''] of code.matchAll(STATIC)) {
    const { names, allTypes } = namesOf(clause);
    found.push({ specifier, names, typeOnly: type !== undefined || allTypes });
  }
  for (const [, specifier = ''] of code.matchAll(BARE)) found.push({ specifier, names: [], typeOnly: false });
  for (const [, argument = ''] of code.matchAll(DYNAMIC)) {
    const literal = /^\s*['"]([^'"]+)['"]\s*$/.exec(argument)?.[1];
    found.push(literal === undefined ? null : { specifier: literal, names: ['*'], typeOnly: false });
  }
  return found;
}

const fits = (path: string, place: string) => (place.endsWith('/') ? path.startsWith(place) : path === place);

/** The kind of a file, or undefined where the table does not know it. */
export function kindOf(path: string): Kind | undefined {
  const places = Object.keys(KINDS).filter((place) => fits(path, place));
  const longest = places.sort((a, b) => b.length - a.length)[0];
  return longest === undefined ? undefined : KINDS[longest];
}

const packageOf = (specifier: string) =>
  specifier.startsWith('@')
    ? specifier.split('/').slice(0, 2).join('/')
    : (specifier.split('/')[0] ?? specifier);

function foreignProblem(path: string, kind: Kind, specifier: string, typeOnly: boolean): string | null {
  if (specifier.startsWith('node:')) {
    const owners = NODE_MODULES[specifier];
    if (owners && !typeOnly && !owners.some((place) => fits(path, place)))
      return `${specifier} belongs to ${owners.join(', ')}`;
    const { node, because } = ARROWS[kind];
    if (node !== 'any' && !typeOnly && !node.includes(specifier.slice(5)))
      return `is of kind ${kind}, which may not import ${specifier}: ${because}`;
    return null;
  }
  const owners = PACKAGES[packageOf(specifier)];
  if (owners === undefined) return `the package ${specifier} is not in the table of packages`;
  return owners.some((place) => fits(path, place)) ? null : `${specifier} belongs to ${owners.join(', ')}`;
}

function ownProblem(path: string, kind: Kind, target: string, one: Import): string[] {
  const there = kindOf(target);
  if (there === undefined) return [];
  const problems: string[] = [];
  const { may, types, because } = ARROWS[kind];
  if (!may.includes(there) && !types.includes(there))
    problems.push(`is of kind ${kind}, which may not import ${target} (${there}): ${because}`);
  else if (!may.includes(there) && !one.typeOnly)
    problems.push(`is of kind ${kind}, which may import only types from ${target} (${there}): ${because}`);
  for (const power of POWERS)
    if (target === power.from && !power.to.includes(path) && !one.typeOnly)
      if (one.names.includes(power.name) || one.names.includes('*'))
        problems.push(`only ${power.to.join(', ')} may import ${power.name}: ${power.because}`);
  return problems;
}

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.push(`${path}: imports itself in a circle: ${[...trail.slice(at), path].join(' → ')}`);
    if (at >= 0 || done.has(path)) return;
    for (const next of graph.get(path) ?? []) walk(next, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) walk(path, []);
  return found;
}

/** What is wrong with these sources (by path under daemon/), each with its reason; empty when all is well. */
export function problemsOf(files: ReadonlyMap<string, string>): string[] {
  const problems: string[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, source] of files) {
    const say = (text: string) => problems.push(`${path}: ${text}`);
    if (!source.startsWith('// Owns ')) say('the first line does not say what the file owns ("// Owns …")');
    const length = source.split('\n').length - 1;
    if (length > LONGEST) say(`${length} lines; more than ${LONGEST} are more than one owner can hold`);
    const kind = kindOf(path);
    if (kind === undefined) {
      say('not in the table of kinds (test/architecture.table.ts)');
      continue;
    }
    const { writes, because } = ARROWS[kind];
    const opened = source.match(/\.write\(/g)?.length ?? 0;
    if (writes !== 'any' && opened > writes)
      say(`is of kind ${kind}, which may open ${writes} write transactions, not ${opened}: ${because}`);
    const targets: string[] = [];
    for (const one of importsOf(source)) {
      if (one === null) {
        say('import() of a module whose name is computed: nobody can check that arrow');
      } else if (one.specifier.startsWith('.')) {
        const target = posix.join(posix.dirname(path), one.specifier);
        if (!files.has(target) && !(kind === 'root' && target === '../package.json'))
          say(`imports ${one.specifier}, which is not under daemon/`);
        targets.push(target);
        for (const problem of ownProblem(path, kind, target, one)) say(problem);
      } else {
        const problem = foreignProblem(path, kind, one.specifier, one.typeOnly);
        if (problem !== null) say(problem);
      }
    }
    graph.set(path, targets);
  }
  return [...problems, ...cycles(graph)];
}
