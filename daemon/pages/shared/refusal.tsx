// Owns why a code was refused, in the page's language, with the way to the manual's entry.

import type { Refused } from '../../wire/login.ts';
import { isGood, type Problem, type Reply } from './api.ts';
import type { Language } from './both.ts';
import { useLanguage, useWords } from './language.tsx';
import { PROBLEMS_ZH, TOLD_IN_FULL } from './problem-words.ts';
import { manualPath, Note } from './ui.tsx';
import { type SharedWords, WORDS } from './words.ts';

/** What went wrong, ready to be shown. */
export interface Trouble {
  readonly text: string;
  /** The manual's entry. */
  readonly entry?: string;
  /** The daemon's own words, in English, where they say more. */
  readonly said?: string;
}

/** A refused code. The daemon's own sentence is taken where the page has none: it is in the login's language. */
export function refusalText({ because, explanation }: Refused, words: SharedWords): Trouble {
  const entry = explanation?.code ?? because;
  const explained = explanation && words.explained[explanation.code];
  if (explained && explanation.seconds !== undefined)
    return { text: explained(words.span(explanation.seconds)), entry };
  if (explanation) {
    // It is in the login's language; the person may have switched the page to another since.
    const fits = /\p{Script=Han}/u.test(explanation.text) === (words === WORDS.zh);
    return { text: fits ? explanation.text : (words.refused[because] ?? words.failed), entry };
  }
  return { text: words.refused[because] ?? words.failed, entry };
}

/** Any failed reply in words: a refusal, a wait, a problem document, a silence. */
export function troubleOf(
  reply: Reply<Problem>,
  words: SharedWords,
  language: Language,
  problems: Readonly<Record<string, string>> = {},
): Trouble | null {
  if (isGood(reply)) return null;
  const body = reply.body as Problem & { outcome?: string; retryAfter?: number };
  if (body.outcome === 'refused') return refusalText(reply.body as unknown as Refused, words);
  if (body.outcome === 'wait') return { text: words.wait(body.retryAfter ?? 1) };
  if (reply.status === 0) return { text: words.unreachable };
  if (body.code === 'no-identity' || (reply.status === 401 && body.code === undefined))
    return { text: words.signedOut };
  const { code, detail } = body;
  if (code === undefined || !detail) return { text: words.failed };
  const own = Object.hasOwn(problems, code) ? problems[code] : undefined;
  // The daemon writes problems in English.
  const said = `${detail} ${body.hint ?? ''}`.trim();
  if (language === 'en') return { text: own ?? said };
  const text = own ?? PROBLEMS_ZH[code] ?? words.failed;
  return TOLD_IN_FULL.has(code) || !Object.hasOwn(PROBLEMS_ZH, code) ? { text, said } : { text };
}

export function TroubleNote(props: { readonly trouble: Trouble | null; readonly id?: string }) {
  const words = useWords(WORDS);
  const language = useLanguage();
  const { trouble } = props;
  if (!trouble) return null;
  return (
    <div id={props.id}>
      <Note tone="bad">
        {trouble.text} {trouble.said && <span lang="en">{trouble.said} </span>}
        {trouble.entry && (
          <a href={manualPath(language, trouble.entry)} target="_blank" rel="noreferrer">
            {words.more}
          </a>
        )}
      </Note>
    </div>
  );
}
