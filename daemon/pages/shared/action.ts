// Owns one thing that a person sets off: once at a time, with the trouble it ran into.

import { useRef, useState } from 'preact/hooks';
import { isGood, type Problem, type Reply } from './api.ts';
import { useLanguage, useWords } from './language.tsx';
import { type Trouble, troubleOf } from './refusal.tsx';
import { WORDS } from './words.ts';

export interface Action {
  readonly busy: boolean;
  readonly trouble: Trouble | null;
  /** Runs what `ask` does, unless something runs already. The reply where it was good, otherwise `null`. */
  readonly run: <Body>(
    ask: () => Promise<Reply<Body & Problem> | null>,
  ) => Promise<Reply<Body & Problem> | null>;
  readonly clear: () => void;
}

/** @param problems words for problem codes of the operation; `because` of a mail that was not sent, too */
export function useAction(problems: Readonly<Record<string, string>> = {}): Action {
  const shared = useWords(WORDS);
  const language = useLanguage();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  // A double click comes before anything is drawn again.
  const running = useRef(false);

  const run: Action['run'] = async (ask) => {
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    setTrouble(null);
    const reply = await ask();
    running.current = false;
    setBusy(false);
    if (reply === null || isGood(reply)) return reply;
    const because = (reply.body as { because?: string }).because;
    const known = because === undefined ? undefined : problems[because];
    setTrouble(known ? { text: known } : troubleOf(reply, shared, language, problems));
    return null;
  };
  return { busy, trouble, run, clear: () => setTrouble(null) };
}
