// Owns what the manual and the completion take from the program itself, so that they cannot tell another story.

import { COMMON_FLAGS, type Flag, type Page } from '../daemon/cli/command.ts';
import { usageLine } from '../daemon/cli/help.ts';

/** Text as roff reads it: no line is a request, no hyphen and no quote is changed. */
function roff(text: string): string {
  return (
    text
      .replaceAll('\\', '\\e')
      .replaceAll('-', '\\-')
      .replaceAll('"', '\\(dq')
      // mdoc(7): each sentence begins a line.
      .replace(/([.?!]) (?=[A-Z])/g, '$1\n')
      .replace(/^([.'])/gm, '\\&$1')
  );
}

function flags(all: Readonly<Record<string, Flag>>): string[] {
  return Object.entries(all).flatMap(([name, { value, help }]) => [
    `.It Fl \\-${name}${value === undefined ? '' : ` Ar ${roff(value)}`}`,
    roff(help),
  ]);
}

/** The commands with their flags, as a list of mdoc(7). */
export function commandsAsMdoc(pages: readonly Page[]): string {
  const items = pages.flatMap((page) => [
    `.It Sy ${roff(usageLine(page).replace(/^fygo-2fa /, ''))}`,
    `${roff(page.summary)}.`,
    ...page.details.flatMap((paragraph) => ['.Pp', roff(paragraph)]),
    ...(Object.keys(page.flags).length === 0
      ? []
      : ['.Bl -tag -width Ds -compact', ...flags(page.flags), '.El']),
  ]);
  return ['.Bl -tag -width Ds', ...items, '.El'].join('\n');
}

/** The flags that every command has. */
export function optionsAsMdoc(): string {
  return ['.Bl -tag -width Ds', ...flags(COMMON_FLAGS), '.El'].join('\n');
}

/** A file as it is, for a literal display. */
export function literal(text: string): string {
  return text
    .trimEnd()
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}

/** The completion for bash: commands word by word, then the flags of the command. */
export function bashCompletion(pages: readonly Page[]): string {
  const common = Object.keys(COMMON_FLAGS).map((name) => `--${name}`);
  const next = new Map<string, Set<string>>();
  const ofCommand = new Map<string, string>();
  for (const { words, flags: own } of pages) {
    words.forEach((word, i) => {
      const before = words.slice(0, i).join(' ');
      next.set(before, (next.get(before) ?? new Set()).add(word));
    });
    ofCommand.set(words.join(' '), [...Object.keys(own).map((name) => `--${name}`), ...common].join(' '));
  }
  const quoted = (text: string) => `'${text}'`;
  const cases = (map: Iterable<readonly [string, string]>, variable: string) =>
    [...map].map(([key, words]) => `    ${quoted(key)}) ${variable}=${quoted(words)} ;;`).join('\n');
  const words = [...next].map(([key, set]) => [key, [...set].sort().join(' ')] as const);
  return `# bash completion for fygo-2fa(8), written from its help.

_fygo_2fa() {
  local cur=\${COMP_WORDS[COMP_CWORD]} path= words= flags= word i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    [[ $word == -* ]] && break
    path+=\${path:+ }$word
  done
  [[ \${COMP_WORDS[COMP_CWORD - 1]} == --root ]] && { COMPREPLY=($(compgen -d -- "$cur")); return; }
  case $path in
${cases(words, 'words')}
  esac
  # A user's name may stand behind the command.
  case $path in
${[...ofCommand]
  .map(([key, list]) => `    ${quoted(key)} | ${quoted(key)}' '*) flags=${quoted(list)} ;;`)
  .join('\n')}
  esac
  [[ $cur == -* ]] && words=
  COMPREPLY=($(compgen -W "$words $flags" -- "$cur"))
}

complete -F _fygo_2fa fygo-2fa
`;
}
