// Owns how fresh recovery codes are handed over: shown once, to copy, download or print.

import { useState } from 'preact/hooks';
import { ENROLMENT } from './enrolment-words.ts';
import { useWords } from './language.tsx';
import { Button, copyText } from './ui.tsx';
import { WORDS } from './words.ts';

interface Props {
  readonly codes: readonly string[];
  readonly account: string;
  /** What the button says that goes on. */
  readonly done: string;
  readonly onDone: () => void;
}

export function RecoveryCodes({ codes, account, done, onDone }: Props) {
  const words = useWords(ENROLMENT);
  const shared = useWords(WORDS);
  const [copied, setCopied] = useState(false);
  const text = `${words.file(account)}\r\n\r\n${codes.join('\r\n')}\r\n`;
  return (
    <div class="stack">
      <p>{words.codesIntro}</p>
      <ul class="codes mono" aria-label={words.codesLabel} data-test="recovery-codes">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div class="row no-print">
        <Button onPress={() => void copyText(codes.join('\n')).then(setCopied)}>
          {copied ? shared.copied : shared.copy}
        </Button>
        <Button onPress={() => download(text, 'fygo-recovery-codes.txt')}>{words.download}</Button>
        <Button onPress={() => print()}>{words.print}</Button>
      </div>
      <div class="no-print">
        <Button kind="main" onPress={onDone}>
          {done}
        </Button>
      </div>
    </div>
  );
}

function download(text: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  // The download has its own hold on the blob once it has begun.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
