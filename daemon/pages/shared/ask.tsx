// Owns the question before something that cannot be taken back, asked where the button was.

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from './language.tsx';
import { Button } from './ui.tsx';
import { WORDS } from './words.ts';

interface Props {
  readonly question: string;
  readonly yes: string;
  readonly label?: string;
  readonly danger?: boolean;
  readonly busy: boolean;
  readonly onYes: () => void;
  readonly children: ComponentChildren;
}

export function Ask({ question, yes, label, danger, busy, onYes, children }: Props) {
  const words = useWords(WORDS);
  const [open, setOpen] = useState(false);
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    if (open) group.current?.querySelector('button')?.focus();
  }, [open]);
  if (!open) {
    return (
      <Button busy={busy} {...(label ? { label } : {})} onPress={() => setOpen(true)}>
        {children}
      </Button>
    );
  }
  const decide = () => {
    setOpen(false);
    onYes();
  };
  return (
    <fieldset class="note warn stack tight" ref={group}>
      <legend class="hidden">{question}</legend>
      <p aria-hidden="true">{question}</p>
      <div class="row">
        <Button kind={danger ? 'danger' : 'main'} onPress={decide}>
          {yes}
        </Button>
        <Button onPress={() => setOpen(false)}>{words.cancel}</Button>
      </div>
    </fieldset>
  );
}
