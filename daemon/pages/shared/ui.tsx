// Owns the small parts that every page is made of.

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { LanguageSwitch, useLanguage, useWords } from './language.tsx';
import { WORDS } from './words.ts';

type Tone = 'good' | 'bad' | 'warn';

export function Lock() {
  return (
    <svg
      width="24"
      height="24"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      aria-hidden="true"
    >
      <path d="M12 2.5 4 5.5v6c0 5 3.4 8.6 8 10 4.6-1.4 8-5 8-10v-6z" stroke-linejoin="round" />
      <path d="m8.5 12 2.5 2.5 4.5-5" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

/** The frame of a page. Its heading takes the focus when what it shows has changed. */
export function Shell(props: { readonly narrow?: boolean; readonly children: ComponentChildren }) {
  const words = useWords(WORDS);
  const language = useLanguage();
  return (
    <div class={props.narrow ? 'shell narrow stack' : 'shell stack wide'}>
      <header class="brand no-print">
        <Lock />
        <span>Fygo NAS</span>
      </header>
      {props.children}
      <footer class="foot no-print">
        <a href={manualPath(language)} target="_blank" rel="noreferrer">
          {words.help}
        </a>
        <LanguageSwitch />
      </footer>
    </div>
  );
}

/** Where the manual says more about a code. */
export function manualPath(language: 'en' | 'zh', code?: string): string {
  return `./troubleshooting${language === 'zh' ? '.zh' : ''}${code === undefined ? '' : `#${code}`}`;
}

export function Heading(props: { readonly children: ComponentChildren }) {
  const ref = useRef<HTMLHeadingElement>(null);
  useEffect(() => ref.current?.focus(), []);
  return (
    <h1 tabIndex={-1} ref={ref}>
      {props.children}
    </h1>
  );
}

export function Card(props: {
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const id = useId();
  return (
    <section class="card stack" aria-labelledby={id}>
      <div class="row apart">
        <h2 id={id}>{props.title}</h2>
        {props.aside}
      </div>
      {props.children}
    </section>
  );
}

interface ButtonProps {
  readonly kind?: 'main' | 'danger' | 'plain';
  readonly full?: boolean;
  readonly submit?: boolean;
  /** It works already: a second click does nothing. */
  readonly busy?: boolean;
  readonly off?: boolean;
  readonly label?: string;
  readonly onPress?: () => void;
  readonly children: ComponentChildren;
}

/** Stays reachable with the keyboard while it is off, so that the focus is not lost. */
export function Button({ kind = 'plain', full, submit, busy, off, label, onPress, children }: ButtonProps) {
  const idle = busy || off;
  const press = (event: Event) => {
    if (idle) event.preventDefault();
    else onPress?.();
  };
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={`button ${kind}${full ? ' full' : ''}`}
      aria-disabled={idle ? 'true' : undefined}
      aria-busy={busy ? 'true' : undefined}
      aria-label={label}
      onClick={press}
    >
      {children}
    </button>
  );
}

export function Link(props: {
  readonly onPress: () => void;
  readonly label?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <button type="button" class="link" aria-label={props.label} onClick={props.onPress}>
      {props.children}
    </button>
  );
}

/** Said to a screen reader at once where it is bad, politely otherwise. */
export function Note(props: {
  readonly tone?: Tone | undefined;
  readonly title?: string | undefined;
  readonly children: ComponentChildren;
}) {
  return (
    <div class={`note ${props.tone ?? ''}`} role={props.tone === 'bad' ? 'alert' : 'status'}>
      {props.title && <strong>{props.title}</strong>}
      {props.children}
    </div>
  );
}

export function Badge(props: { readonly tone?: Tone | undefined; readonly children: ComponentChildren }) {
  return <span class={`badge ${props.tone ?? ''}`}>{props.children}</span>;
}

interface TextFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly class?: string;
  readonly type?: 'text' | 'email' | 'password' | 'number' | 'search' | 'datetime-local';
  readonly inputMode?: 'text' | 'numeric' | 'email';
  readonly autoComplete?: string;
  readonly autoCapitalize?: string;
  readonly spellcheck?: boolean;
  readonly autoFocus?: boolean;
  readonly required?: boolean;
  readonly maxLength?: number;
  readonly min?: number;
  readonly max?: number;
  readonly list?: string;
  readonly 'aria-invalid'?: 'true' | undefined;
}

export function TextField(props: TextFieldProps) {
  const { label, hint, onText, autoFocus, ...rest } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // The attribute is heeded when a page is loaded only.
  useEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        class="input"
        {...(rest as object)}
        ref={input}
        id={id}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => onText(event.currentTarget.value)}
      />
      {hint && (
        <p class="soft small" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function Check(props: {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ComponentChildren;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={props.on}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
      <span>{props.children}</span>
    </label>
  );
}

/** A wide table: what scrolls has to be reachable with the keyboard. */
export function Scroll(props: { readonly label: string; readonly children: ComponentChildren }) {
  const words = useWords(WORDS);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll.
    <section class="scroll" tabIndex={0} aria-label={words.table(props.label)}>
      {props.children}
    </section>
  );
}

/** Copies a text; without the right to, the text is selectable beside it. */
export function Copy(props: { readonly text: string; readonly what: string }) {
  const words = useWords(WORDS);
  const [done, setDone] = useState(false);
  const copy = () => void copyText(props.text).then(setDone);
  return (
    <>
      <Link onPress={copy} label={`${done ? words.copied : words.copy}: ${props.what}`}>
        {done ? words.copied : words.copy}
      </Link>
      <span class="hidden" role="status">
        {done ? words.copied : ''}
      </span>
    </>
  );
}

/** The clipboard is there on secure origins only; a NAS is often reached over plain HTTP. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

/** Seconds left until a moment of `performance.now()`, counted down; 0 when it is over. */
export function useCountdown(until: number): number {
  const left = () => Math.max(0, Math.ceil((until - performance.now()) / 1000));
  const [, redraw] = useState(0);
  const over = left() === 0;
  useEffect(() => {
    if (over) return;
    const timer = setInterval(() => redraw((count) => count + 1), 250);
    return () => clearInterval(timer);
  }, [over]);
  return left();
}
