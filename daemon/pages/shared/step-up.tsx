// Owns the fresh second step: asked for when the daemon wants one, kept in the page for its five minutes.

import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Form, Refused, Method as Way } from '../../wire/login.ts';
import { call, type Method, type Problem, type Reply } from './api.ts';
import { CodeFields } from './code-fields.tsx';
import { useLanguage, useWords } from './language.tsx';
import { type Trouble, TroubleNote, troubleOf } from './refusal.tsx';
import { STEP_UP } from './step-up-words.ts';
import { Button, Link, Note, TextField, useCountdown } from './ui.tsx';
import { WORDS } from './words.ts';

/** What the step is for: to replace one's own phone a mailed code will do. */
export type Purpose = 'change' | 'replace-phone';

/** Asks the daemon, and for a fresh second step where it wants one. `null`: the person changed their mind. */
export type Guarded = <Body = Record<string, unknown>>(
  method: Method,
  path: string,
  body?: unknown,
  more?: { readonly purpose?: Purpose; readonly headers?: Readonly<Record<string, string>> },
) => Promise<Reply<Body & Problem> | null>;

interface Asking {
  readonly purpose: Purpose;
  readonly answer: (token: string | null) => void;
}

const Context = createContext<Guarded>(async () => null);

export function StepUpProvider(props: { readonly children: ComponentChildren }) {
  const [asking, setAsking] = useState<Asking | null>(null);
  const token = useRef<string | null>(null);

  const guarded: Guarded = async <Body,>(
    method: Method,
    path: string,
    body?: unknown,
    more: Parameters<Guarded>[3] = {},
  ) => {
    const purpose = more.purpose ?? 'change';
    for (;;) {
      const kept = token.current;
      const reply = await call<Body>(method, path, body, {
        ...more.headers,
        ...(kept === null ? {} : { 'X-Step-Up': kept }),
      });
      if (reply.body.code !== 'step-up-required') return reply;
      const answer = await new Promise<string | null>((resolve) => setAsking({ purpose, answer: resolve }));
      setAsking(null);
      if (answer === null) return null;
      token.current = answer;
    }
  };

  return (
    <Context.Provider value={guarded}>
      {props.children}
      {asking && <StepUpDialog {...asking} />}
    </Context.Provider>
  );
}

export function useGuarded(): Guarded {
  return useContext(Context);
}

const CODES: Readonly<Record<Form, number>> = { single: 1, pair: 2, triple: 3 };

function StepUpDialog({ purpose, answer }: Asking) {
  const words = useWords(STEP_UP);
  const shared = useWords(WORDS);
  const language = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const [way, setWay] = useState<Way>('totp');
  const [form, setForm] = useState<Form>('single');
  const [code, setCode] = useState('');
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [until, setUntil] = useState(0);
  const [mailed, setMailed] = useState<string | null>(null);
  const wait = useCountdown(until);
  useEffect(() => dialog.current?.showModal(), []);

  const send = async (typed: string) => {
    if (busy || (way === 'totp' && wait > 0) || typed.trim() === '') return;
    setBusy(true);
    setTrouble(null);
    const reply = await call<Refused & { token?: string }>('POST', 'me/step-up', {
      method: way,
      code: typed.slice(0, 128),
    });
    if (reply.status === 201 && reply.body.token) return answer(reply.body.token);
    setBusy(false);
    setAttempt((count) => count + 1);
    if (reply.body.outcome === 'refused') setForm(reply.body.form);
    if (way === 'totp' && reply.body.retryAfter) setUntil(performance.now() + reply.body.retryAfter * 1000);
    const malformed = way === 'totp' ? shared.sixDigits : shared.recoveryHint;
    setTrouble(troubleOf(reply, shared, language, { 'malformed-code': malformed }));
  };
  const mail = async () => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    const reply = await call<{ sentTo?: string; because?: string }>('POST', 'me/step-up/mail', {});
    setBusy(false);
    if (reply.status === 202) {
      setMailed(words.mailed(reply.body.sentTo ?? ''));
      return choose('emergency-code');
    }
    const known = words.notMailed[reply.body.because ?? ''];
    setTrouble(known ? { text: known } : troubleOf(reply, shared, language));
  };
  const choose = (next: Way) => {
    setWay(next);
    setCode('');
    setTrouble(null);
    setAttempt((count) => count + 1);
  };

  return (
    <dialog ref={dialog} aria-labelledby="step-up-title" onClose={() => answer(null)}>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send(code);
        }}
      >
        <h2 id="step-up-title">{words.title}</h2>
        <p class="soft">{words.why}</p>
        {mailed && way === 'emergency-code' && <Note tone="good">{mailed}</Note>}
        {way === 'totp' && form !== 'single' && (
          <Note tone="warn">{form === 'pair' ? shared.pair : shared.triple}</Note>
        )}
        <TroubleNote trouble={trouble} id="step-up-trouble" />
        {way === 'totp' && wait > 0 && (
          <p class="note warn number" role="timer">
            {shared.wait(wait)}
          </p>
        )}
        {way === 'totp' ? (
          <CodeFields
            key={`${form} ${attempt}`}
            count={CODES[form]}
            invalid={trouble !== null}
            describedBy={trouble ? 'step-up-trouble' : undefined}
            onChange={setCode}
            onComplete={(typed) => void send(typed)}
          />
        ) : (
          <TextField
            key={way}
            label={way === 'recovery-code' ? shared.recoveryCode : words.mailCode}
            hint={way === 'recovery-code' ? shared.recoveryHint : undefined}
            class="input text-code mono"
            autoComplete="off"
            autoCapitalize="characters"
            spellcheck={false}
            autoFocus
            value={code}
            onText={setCode}
          />
        )}
        <div class="row">
          <Button kind="main" submit busy={busy} off={way === 'totp' && wait > 0}>
            {words.confirm}
          </Button>
          <Button onPress={() => answer(null)}>{shared.cancel}</Button>
        </div>
        <div class="stack tight">
          {way !== 'recovery-code' && (
            <Link onPress={() => choose('recovery-code')}>{words.useRecovery}</Link>
          )}
          {way !== 'totp' && <Link onPress={() => choose('totp')}>{words.useTotp}</Link>}
          {purpose === 'replace-phone' && <Link onPress={() => void mail()}>{words.useMail}</Link>}
        </div>
      </form>
    </dialog>
  );
}
