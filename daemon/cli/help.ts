// Owns the help: an overview, a group of commands, and a page for each command.

import { COMMON_FLAGS, type Flag, type Page } from './command.ts';
import type { Say } from './say.ts';

/** The one right line of a command: `fygo-2fa user reset NAME --reason TEXT [--failures] [--yes]`. */
export function usageLine(page: Page): string {
  const flags = Object.entries(page.flags).map(([name, flag]) =>
    flag.required ? spelled(name, flag) : `[${spelled(name, flag)}]`,
  );
  const operand = page.operand === undefined ? [] : [`[${page.operand}]`];
  return ['fygo-2fa', ...page.words, ...nameOf(page), ...operand, ...flags].join(' ');
}

/** What `fygo-2fa help` prints, or with a group's word only that group. */
export function overview(say: Say, pages: readonly Page[], group?: string): void {
  const shown = group === undefined ? pages : pages.filter((page) => page.words[0] === group);
  say.line('fygo-2fa: the second step of signing in on this NAS');
  say.line();
  say.line(`Usage: fygo-2fa ${group ?? 'COMMAND'} … [--root DIR] [--json]`);
  say.line();
  say.pairs(shown.map((page) => [[...page.words, ...nameOf(page)].join(' '), page.summary]));
  say.line();
  say.paragraph('More about one of them: fygo-2fa help COMMAND');
}

/** The page of one command. */
export function explain(say: Say, page: Page): void {
  say.line(`${page.summary}.`);
  say.line();
  say.paragraph(`Usage: ${usageLine(page)}`);
  for (const paragraph of page.details) {
    say.line();
    say.paragraph(paragraph);
  }
  say.line();
  say.pairs(
    Object.entries({ ...page.flags, ...COMMON_FLAGS }).map(([name, flag]) => [
      spelled(name, flag),
      flag.help,
    ]),
  );
}

/** The word that stands for what is named. */
function nameOf({ takesName }: Page): string[] {
  if (takesName === 'file') return ['FILE'];
  return takesName ? ['NAME'] : [];
}

function spelled(name: string, flag: Flag): string {
  return flag.value === undefined ? `--${name}` : `--${name} ${flag.value}`;
}
