// Owns how text meets a terminal: made harmless, measured in columns, wrapped.

/** Control characters, and format characters that reorder or hide text; space and line feed are for the caller. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * The text with everything that could steer a terminal or mislead a reader written as an escape
 * (`\x1b`, `\u{202e}`). Names come from whoever can create accounts: printing is where they could do harm.
 */
export function printable(text: string): string {
  return text.replace(UNSAFE, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`;
  });
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const ZERO = /[\p{Mn}\p{Me}]/u;

/** How many columns a printable text takes: East Asian characters and emoji two, combining marks none. */
export function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += WIDE.test(character) ? 2 : ZERO.test(character) ? 0 : 1;
  return sum;
}

/** The text with spaces behind it up to so many columns; a longer one stays as it is. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)));
}

/**
 * Lines of at most `width` columns, broken at spaces; a word that is longer than a line is cut.
 * Spaces inside a line are kept. An empty text is one empty line.
 */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<= )(?=[^ ])/u)) {
    if (line !== '' && columns(line + word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += word;
    while (columns(line.trimEnd()) > width) {
      const [head, rest] = cut(line, width);
      lines.push(head);
      line = rest;
    }
  }
  if (line !== '' || lines.length === 0) lines.push(line.trimEnd());
  return lines;
}

/** Splits after as many characters as fit; at least one, so that it always gets on. */
function cut(text: string, width: number): [string, string] {
  let head = '';
  for (const character of text) {
    if (head !== '' && columns(head + character) > width) break;
    head += character;
  }
  return [head, text.slice(head.length)];
}
