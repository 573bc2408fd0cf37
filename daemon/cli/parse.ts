// Owns how a command line is understood: which command, which name, which flags, or what is wrong with it.

import { type ParseArgsConfig, parseArgs } from 'node:util';
import { Fault } from '../kernel/fault.ts';
import { COMMON_FLAGS, type Flag, type Page } from './command.ts';
import { usageLine } from './help.ts';
import { nearest } from './nearest.ts';

type Flags = Readonly<Record<string, Flag>>;
type Value = string | boolean | undefined;
type Values = Readonly<Record<string, Value | Value[]>>;

export interface Parsed<P extends Page> {
  readonly page: P;
  readonly name: string;
  readonly operand: string | undefined;
  readonly values: Values;
}

/** The words before any judgement: what is not a flag or a flag's value. Never throws. */
export interface Skimmed {
  readonly words: readonly string[];
  readonly values: Values;
}

/** Reads a command line leniently, to find out which command it is for and whether it wants JSON or help. */
export function skim(argv: readonly string[], pages: readonly Page[]): Skimmed {
  const every = Object.assign({}, ...pages.map((page) => page.flags)) as Flags;
  const { values, positionals } = parseArgs({ ...configOf(argv, every), strict: false });
  return { words: positionals, values };
}

/**
 * Reads it strictly.
 * @throws Fault `usage`, naming what is wrong, what may have been meant, and the right line
 */
export function parse<P extends Page>(argv: readonly string[], pages: readonly P[]): Parsed<P> {
  const { words } = skim(argv, pages);
  const page = pages.find((one) => one.words.every((word, i) => words[i] === word));
  if (!page) throw unknownCommand(words, pages);
  const values = strictly(argv, page);
  const typed = words.slice(page.words.length);
  const command = page.words.join(' ');
  const name = page.takesName ? (typed.shift() ?? '') : '';
  if (page.takesName && name === '')
    throw wrong(page, `"${command}" needs the name of a ${page.takesName === 'file' ? 'file' : 'user'}.`);
  const operand = page.operand === undefined ? undefined : typed.shift();
  const [extra] = typed;
  if (extra !== undefined)
    throw wrong(
      page,
      `"${command}" takes ${page.takesName ? 'one name' : 'no name'}; "${extra}" is left over.`,
    );
  for (const [flag, { required, value }] of Object.entries(page.flags)) {
    if (required && values[flag] === undefined) throw wrong(page, `"${command}" needs --${flag} ${value}.`);
  }
  for (const [flag, value] of Object.entries(values))
    if (value === '' || (Array.isArray(value) && value.includes('')))
      throw wrong(page, `--${flag} needs a value that is not empty.`);
  return { page, name, operand, values };
}

function strictly(argv: readonly string[], page: Page): Values {
  try {
    return parseArgs({ ...configOf(argv, page.flags), strict: true }).values as Values;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    const flag = /'(?:-\w, )?(--?[^'\s=]+)/.exec(message)?.[1] ?? '';
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
      const meant = nearest(flag.replace(/^-+/, ''), Object.keys({ ...page.flags, ...COMMON_FLAGS }));
      throw wrong(
        page,
        `"${page.words.join(' ')}" has no flag ${flag}.${meant === undefined ? '' : ` Did you mean --${meant}?`}`,
      );
    }
    const takes = page.flags[flag.slice(2)]?.value ?? COMMON_FLAGS[flag.slice(2)]?.value;
    throw wrong(
      page,
      takes === undefined ? `${flag} takes no value.` : `${flag} needs a value: ${flag} ${takes}.`,
    );
  }
}

function configOf(argv: readonly string[], flags: Flags) {
  const options = Object.fromEntries(
    Object.entries({ ...flags, ...COMMON_FLAGS }).map(([name, flag]) => [
      name,
      {
        type: flag.value === undefined ? ('boolean' as const) : ('string' as const),
        ...(flag.many && { multiple: true }),
        ...(name === 'help' && { short: 'h' }),
      },
    ]),
  );
  return { args: [...argv], options, allowPositionals: true } satisfies ParseArgsConfig;
}

function wrong(page: Page, message: string): Fault {
  return new Fault('usage', message, `Usage: ${usageLine(page)}`);
}

function unknownCommand(words: readonly string[], pages: readonly Page[]): Fault {
  const [first, second] = words;
  const help = 'See what there is: fygo-2fa help';
  if (first === undefined) return new Fault('usage', 'fygo-2fa needs a command.', help);
  const group = pages.filter((page) => page.words.length > 1 && page.words[0] === first);
  if (group.length > 0) {
    const seconds = group.map((page) => page.words[1] ?? '');
    const meant = second === undefined ? undefined : nearest(second, seconds);
    return new Fault(
      'usage',
      second === undefined
        ? `"${first}" needs to know what to do: ${seconds.join(', ')}.`
        : `There is no command "${first} ${second}".${meant === undefined ? '' : ` Did you mean "${first} ${meant}"?`}`,
      `See what there is: fygo-2fa help ${first}`,
    );
  }
  const meant = nearest(first, [...new Set(pages.map((page) => page.words[0] ?? ''))]);
  return new Fault(
    'usage',
    `There is no command "${first}".${meant === undefined ? '' : ` Did you mean "${meant}"?`}`,
    help,
  );
}
