// Owns how one-time passwords are typed: one field a code, pasted in any shape, sent by itself when complete.

import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useWords } from './language.tsx';
import { WORDS } from './words.ts';

const DIGITS = 6;

/** The digits of what was typed or pasted, as the daemon reads them: full-width digits too, spaces and hyphens away. */
export function digitsOf(text: string, most: number): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[^0-9]/g, '')
    .slice(0, most);
}

interface Props {
  /** How many codes in a row: 1, or more where the form asks for them. */
  readonly count: number;
  readonly invalid: boolean;
  /** False where something stands before it that has to be read first. */
  readonly takeFocus?: boolean;
  readonly describedBy?: string | undefined;
  /** Called with what is typed so far. */
  readonly onChange?: (code: string) => void;
  /** Called once for each time all fields have become full. */
  readonly onComplete: (code: string) => void;
}

/** Remount it (by its key) to clear it. */
export function CodeFields({ count, invalid, takeFocus = true, describedBy, onChange, onComplete }: Props) {
  const words = useWords(WORDS);
  const id = useId();
  const [codes, setCodes] = useState<readonly string[]>(() => Array.from({ length: count }, () => ''));
  const inputs = useRef<(HTMLInputElement | null)[]>([]);
  useLayoutEffect(() => {
    if (takeFocus) inputs.current[0]?.focus();
  }, [takeFocus]);

  const type = (index: number, text: string) => {
    // What is pasted may hold the codes of the fields behind, too.
    const rest = digitsOf(text, DIGITS * (count - index));
    const next = codes.map((code, at) => {
      if (at < index) return code;
      const piece = rest.slice((at - index) * DIGITS, (at - index + 1) * DIGITS);
      return at === index || piece !== '' ? piece : code;
    });
    setCodes(next);
    onChange?.(next.join(' '));
    const input = inputs.current[index];
    // The digits may be as they were while the field shows more than them.
    if (input && input.value !== next[index]) input.value = next[index] ?? '';
    const open = next.findIndex((code) => code.length < DIGITS);
    if (open === -1) onComplete(next.join(' '));
    else if (open > index) inputs.current[open]?.focus();
  };

  return (
    <div class="stack">
      {codes.map((code, index) => (
        <div class="field" key={index}>
          <label for={`${id}-${index}`}>{count === 1 ? words.code : words.firstOf(index + 1, count)}</label>
          <input
            class="input code number"
            id={`${id}-${index}`}
            ref={(input) => {
              inputs.current[index] = input;
            }}
            value={code}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoCorrect="off"
            spellcheck={false}
            enterKeyHint="go"
            placeholder="••••••"
            aria-invalid={invalid ? 'true' : undefined}
            aria-describedby={describedBy}
            onInput={(event) => type(index, event.currentTarget.value)}
          />
        </div>
      ))}
    </div>
  );
}
