// Owns how a failure of mail is told: what happened, what to do, and what the server said in its own words.

import type { MailTrouble } from '../../wire/mail-setting.ts';
import { useLanguage, useWords } from '../shared/language.tsx';
import { MAIL_TROUBLES_ZH } from './mail-trouble-words.ts';
import { MAIL } from './mail-words.ts';

interface Props {
  readonly code?: MailTrouble | undefined;
  /** The daemon's words, in English, with those of the server. */
  readonly text: string;
  readonly hint: string | null;
  readonly said?: string | undefined;
}

export function MailTroubleText({ code, text, hint, said }: Props) {
  const words = useWords(MAIL);
  const known = useLanguage() === 'zh' && code !== undefined ? MAIL_TROUBLES_ZH[code] : undefined;
  if (!known) {
    return (
      <>
        <strong lang="en">{text}</strong> <span lang="en">{hint}</span>
      </>
    );
  }
  return (
    <>
      <strong>{known[0]}</strong> {known[1]}
      {said && (
        <p class="small">
          {words.serverSaid} <q lang="en">{said}</q>
        </p>
      )}
    </>
  );
}
