// Owns putting a letter into words: subject, plain text, and HTML of the same words.

import { type Instant, later, MINUTE, toRfc3339 } from '../kernel/instant.ts';
import type { Letter, Locale } from './letter.ts';
import { en } from './letters/en.ts';
import type { Words } from './letters/words.ts';
import { zhCn } from './letters/zh-cn.ts';

export interface Composed {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Wanted {
  readonly name: string;
  readonly locale: Locale;
  readonly letter: Letter;
  readonly at: Instant;
}

interface Sender {
  readonly host: string;
  readonly issuer: string;
}

const LANGUAGES: Readonly<Record<Locale, Words>> = { en, 'zh-CN': zhCn };

/** A part of a letter; the code is the one that is to be found at a glance. */
type Part = { readonly kind: 'text' | 'code' | 'small'; readonly text: string };

/** What strangers chose (names, reasons, addresses) cannot change what the letter is. */
export function compose({ name, locale, letter, at }: Wanted, sender: Sender): Composed {
  const words = LANGUAGES[locale];
  const host = plain(sender.host);
  const parts: Part[] = [{ kind: 'text', text: words.greeting(plain(name)) }];
  const say = (...lines: readonly string[]) =>
    parts.push(...lines.map((text) => ({ kind: 'text', text }) as const));
  let subject: string;
  if (letter.kind === 'notice') {
    const { event, count, times = 1 } = letter;
    const facts = {
      host,
      times,
      ...(count === undefined ? {} : { count }),
      ...(letter.name === undefined ? {} : { name: plain(letter.name) }),
      address: plainOrNone(letter.address),
      actor: plainOrNone(letter.actor),
      reason: plainOrNone(letter.reason),
    };
    const notice = words.notices[event];
    subject = notice.subject(host);
    say(notice.opening(facts), ...words.happened(moment(at), facts), notice.notYou);
  } else {
    const { kind, code, validFor } = letter;
    subject = words.codes[kind].subject(host);
    say(words.codes[kind].opening(host));
    parts.push({ kind: 'code', text: plain(code) });
    say(words.valid(Math.max(1, Math.round(validFor / MINUTE)), moment(later(at, validFor))));
    say(words.asked(plainOrNone(letter.address), plainOrNone(letter.service)), words.codes[kind].notYou);
  }
  parts.push({ kind: 'small', text: words.signed(host, plain(sender.issuer)) });
  return { subject, text: textOf(parts), html: htmlOf(parts, locale) };
}

/** What `mail test` sends: it is for administrators, in English. */
export function composeTest({ host, issuer, at }: Sender & { readonly at: Instant }): Composed {
  const nas = plain(host);
  const say = (text: string) => ({ kind: 'text', text }) as const;
  const parts: Part[] = [
    say(`This is the test of the mail settings of ${nas}. It arrived, so codes will arrive too.`),
    say(
      `It was sent at ${moment(at)}. If this letter lies in the spam folder, mark it as wanted: codes come from the same address.`,
    ),
    { kind: 'small', text: en.signed(nas, plain(issuer)) },
  ];
  return { subject: `Mail works: ${nas}`, text: textOf(parts), html: htmlOf(parts, 'en') };
}

function textOf(parts: readonly Part[]): string {
  const shown = parts.map(({ kind, text }) =>
    kind === 'code' ? `    ${text}` : kind === 'small' ? `-- \n${text}` : text,
  );
  return `${shown.join('\n\n')}\n`;
}

const STYLES: Readonly<Record<Part['kind'], string>> = {
  text: 'margin:0 0 14px',
  code: 'margin:0 0 14px;font:bold 26px ui-monospace,Menlo,Consolas,monospace;letter-spacing:3px',
  small: 'margin:24px 0 0;font-size:13px;opacity:.7',
};

/** No colours of its own, no pictures, no links: nothing for a filter, and readable in a dark theme. */
function htmlOf(parts: readonly Part[], locale: Locale): string {
  const body = parts.map(({ kind, text }) => `<p style="${STYLES[kind]}">${escaped(text)}</p>`).join('\n');
  return `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"></head>
<body style="max-width:560px;margin:24px auto;padding:0 16px;font:16px/1.5 system-ui,sans-serif">
${body}
</body></html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** To the minute. */
function moment(at: Instant): string {
  return `${toRfc3339(at).slice(0, 16).replace('T', ' ')} UTC`;
}

/** One line without control or invisible formatting characters, 200 characters at most. */
function plain(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').slice(0, 200);
}

function plainOrNone(text: string | null | undefined): string | null {
  return text === null || text === undefined || text === '' ? null : plain(text);
}
