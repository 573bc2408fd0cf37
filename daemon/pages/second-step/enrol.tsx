// Owns enrolling in the middle of a login that requires it: the secret, the first code, the recovery codes.

import { useState } from 'preact/hooks';
import type { EnrolmentOffer } from '../../wire/login.ts';
import { call } from '../shared/api.ts';
import { EnrolmentSteps } from '../shared/enrolment.tsx';
import { ENROLMENT } from '../shared/enrolment-words.ts';
import { useLanguage, useWords } from '../shared/language.tsx';
import { RecoveryCodes } from '../shared/recovery-codes.tsx';
import { type Trouble, TroubleNote, troubleOf } from '../shared/refusal.tsx';
import { Button } from '../shared/ui.tsx';
import { WORDS } from '../shared/words.ts';
import type { Link } from './link.ts';
import { type Over, overBy } from './login.ts';
import { SECOND_STEP } from './words.ts';

interface Props {
  readonly link: Link;
  readonly onProof: (proof: string) => void;
  readonly onOver: (over: Over) => void;
}

interface Completed {
  readonly proof: string;
  readonly recoveryCodes: readonly string[];
}

export function Enrol({ link, onProof, onOver }: Props) {
  const words = useWords(SECOND_STEP);
  const shared = useWords(WORDS);
  const enrolment = useWords(ENROLMENT);
  const language = useLanguage();
  const [offer, setOffer] = useState<EnrolmentOffer | null>(null);
  const [completed, setCompleted] = useState<Completed | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { login, user } = link;

  const ask = async <Body,>(path: string, body: object) => {
    setBusy(true);
    setTrouble(null);
    const reply = await call<Body>('POST', path, body);
    setBusy(false);
    const over = overBy(reply);
    if (over) onOver(over);
    else setTrouble(troubleOf(reply, shared, language, { 'malformed-code': shared.sixDigits }));
    return reply;
  };
  const start = async () => {
    if (busy) return;
    const reply = await ask<EnrolmentOffer>('second-step/enrol', { login, user });
    if (reply.status === 201) setOffer(reply.body);
  };
  const confirm = async (code: string) => {
    if (busy) return;
    const reply = await ask<Completed>('second-step/enrol/confirm', { login, user, code });
    if (reply.status === 202) setCompleted(reply.body);
    else setAttempt((count) => count + 1);
  };

  if (completed) {
    return (
      <section class="stack" aria-labelledby="codes">
        <h2 id="codes">{enrolment.codesTitle}</h2>
        <RecoveryCodes
          codes={completed.recoveryCodes}
          account={offer?.account ?? user}
          done={words.codesNext}
          onDone={() => onProof(completed.proof)}
        />
      </section>
    );
  }
  if (offer) {
    return (
      <EnrolmentSteps
        heading="h2"
        offer={offer}
        busy={busy}
        trouble={trouble}
        attempt={attempt}
        onCode={(code) => void confirm(code)}
      />
    );
  }
  return (
    <div class="stack">
      <p>{words.enrolIntro}</p>
      <TroubleNote trouble={trouble} />
      <Button kind="main" full busy={busy} onPress={() => void start()}>
        {words.enrolStart}
      </Button>
    </div>
  );
}
