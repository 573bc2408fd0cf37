// Owns the login that has to be answered: one method at a time, the others within reach.

import { useState } from 'preact/hooks';
import type { Form, Method, Refused } from '../../wire/login.ts';
import { call } from '../shared/api.ts';
import { CodeFields } from '../shared/code-fields.tsx';
import { useLanguage, useWords } from '../shared/language.tsx';
import { type Trouble, TroubleNote, troubleOf } from '../shared/refusal.tsx';
import { Button, Check, Note, Link as Press, TextField, useCountdown } from '../shared/ui.tsx';
import { WORDS } from '../shared/words.ts';
import { ClockCheck } from './clock-check.tsx';
import { deviceOf } from './device-name.ts';
import type { Link } from './link.ts';
import { type Face, type Over, overBy } from './login.ts';
import { TrustEnded } from './trust-ended.tsx';
import { SECOND_STEP } from './words.ts';

interface Props {
  readonly link: Link;
  readonly face: Extract<Face, { outcome: 'challenge' }>;
  readonly onProof: (proof: string) => void;
  readonly onOver: (over: Over) => void;
}

const CODES: Readonly<Record<Form, number>> = { single: 1, pair: 2, triple: 3 };

/** A moment of this page's own clock that many seconds ahead: a clock that is set meanwhile does not move it. */
const ahead = (seconds: number) => performance.now() + seconds * 1000;

export function Challenge({ link, face, onProof, onOver }: Props) {
  const words = useWords(SECOND_STEP);
  const shared = useWords(WORDS);
  const language = useLanguage();
  const [method, setMethod] = useState<Method>(face.methods[0] ?? 'totp');
  const [form, setForm] = useState<Form>(face.form);
  const [ways, setWays] = useState(!face.methods.includes('totp'));
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [attempt, setAttempt] = useState(0);
  const [until, setUntil] = useState(() => ahead(face.retryAfter));
  const [mailed, setMailed] = useState<string | null>(null);
  const [trust, setTrust] = useState(false);
  const known = deviceOf(navigator.userAgent);
  const [device, setDevice] = useState(known ? words.deviceOn(known.browser, known.system) : '');
  const wait = useCountdown(until);
  // A wait for one-time passwords never delays the other ways.
  const waiting = method === 'totp' && wait > 0;

  const answer = async (code: string) => {
    if (busy || waiting || code.trim() === '') return;
    setBusy(true);
    setTrouble(null);
    const name = device.trim().slice(0, 100);
    const reply = await call<Refused & { proof?: string }>('POST', 'second-step/answer', {
      login: link.login,
      user: link.user,
      method,
      code: code.slice(0, 128),
      ...(trust && name !== '' ? { trustDevice: name } : {}),
    });
    if (reply.status === 202 && reply.body.proof) return onProof(reply.body.proof);
    setBusy(false);
    const over = overBy(reply);
    if (over) return onOver(over);
    const { form: next, retryAfter, outcome } = reply.body;
    if (outcome === 'refused') setForm(next);
    if (method === 'totp' && retryAfter) setUntil(ahead(retryAfter));
    setAttempt((count) => count + 1);
    setTrouble(troubleOf(reply, shared, language, { 'malformed-code': malformed(method) }));
  };
  const malformed = (of: Method) => (of === 'totp' ? shared.sixDigits : shared.recoveryHint);

  const choose = (next: Method) => {
    setMethod(next);
    setWays(false);
    setTrouble(null);
    setAttempt((count) => count + 1);
  };

  const mail = async () => {
    if (busy) return;
    setBusy(true);
    setTrouble(null);
    const body = { login: link.login, user: link.user };
    const reply = await call<{ sentTo: string; state: string; validFor: number; because?: string }>(
      'POST',
      'second-step/emergency-mail',
      body,
    );
    setBusy(false);
    if (reply.status === 202) {
      const { sentTo, state, validFor } = reply.body;
      const minutes = Math.round(validFor / 60);
      setMailed(state === 'queued' ? words.mailQueued(sentTo, minutes) : words.mailSent(sentTo, minutes));
      return choose('emergency-code');
    }
    const over = overBy(reply);
    if (over) return onOver(over);
    const known = words.mailRefused[reply.body.because ?? ''];
    setTrouble(known ? { text: known, entry: reply.body.because ?? '' } : troubleOf(reply, shared, language));
  };

  const describedBy = trouble ? 'trouble' : undefined;
  return (
    <div class="stack">
      {face.trustEnded && <TrustEnded because={face.trustEnded} at={face.trustEndedAt} />}
      {method === 'emergency-code' && mailed && <Note tone="good">{mailed}</Note>}
      {method === 'totp' && form !== 'single' && (
        <Note tone="warn" title={form === 'pair' ? shared.pairTitle : shared.tripleTitle}>
          {form === 'pair' ? shared.pair : shared.triple}
        </Note>
      )}
      <TroubleNote trouble={trouble} id="trouble" />
      {waiting && (
        <p class="note warn number" role="timer">
          {shared.wait(wait)}
        </p>
      )}
      {!ways && (
        <AnswerForm
          key={`${method} ${form} ${attempt}`}
          method={method}
          codes={CODES[form]}
          invalid={trouble !== null}
          describedBy={describedBy}
          busy={busy}
          waiting={waiting}
          onAnswer={(code) => void answer(code)}
        >
          {method === 'totp' && (
            <Check on={trust} onChange={setTrust}>
              {words.trust}
              <span class="soft small" style={{ display: 'block' }}>
                {words.trustHint}
              </span>
            </Check>
          )}
          {method === 'totp' && trust && (
            <TextField label={words.device} value={device} maxLength={100} onText={setDevice} />
          )}
        </AnswerForm>
      )}
      {ways ? (
        <Ways
          face={face}
          busy={busy}
          method={method}
          onChoose={choose}
          onMail={() => void mail()}
          onBack={face.methods.includes('totp') ? () => setWays(false) : null}
        />
      ) : (
        <div class="row apart">
          <Press onPress={() => setWays(true)}>{words.unable}</Press>
          {method === 'emergency-code' && <Press onPress={() => void mail()}>{words.mailAgain}</Press>}
        </div>
      )}
      <ClockCheck />
    </div>
  );
}

interface FormProps {
  readonly method: Method;
  readonly codes: number;
  readonly invalid: boolean;
  readonly describedBy: string | undefined;
  readonly busy: boolean;
  readonly waiting: boolean;
  readonly onAnswer: (code: string) => void;
  readonly children: preact.ComponentChildren;
}

function AnswerForm({ method, codes, invalid, describedBy, busy, waiting, onAnswer, children }: FormProps) {
  const words = useWords(SECOND_STEP);
  const shared = useWords(WORDS);
  const [code, setCode] = useState('');
  const complete = (typed: string) => {
    setCode(typed);
    onAnswer(typed);
  };
  const field = { invalid, describedBy };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        onAnswer(code);
      }}
    >
      {method === 'totp' && (
        <div class="stack tight">
          <CodeFields count={codes} {...field} onChange={setCode} onComplete={complete} />
          {codes === 1 && <p class="soft small">{shared.codeHint}</p>}
        </div>
      )}
      {method === 'recovery-code' && (
        <TextField
          label={shared.recoveryCode}
          hint={shared.recoveryHint}
          class="input text-code mono"
          autoComplete="off"
          autoCapitalize="characters"
          spellcheck={false}
          autoFocus
          aria-invalid={invalid ? 'true' : undefined}
          value={code}
          onText={setCode}
        />
      )}
      {method === 'emergency-code' && (
        <TextField
          label={words.mailCode}
          hint={words.mailHint}
          class="input text-code mono"
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellcheck={false}
          autoFocus
          aria-invalid={invalid ? 'true' : undefined}
          value={code}
          onText={setCode}
        />
      )}
      {children}
      <Button kind="main" full submit busy={busy} off={waiting}>
        {busy ? words.working : words.verify}
      </Button>
    </form>
  );
}

interface WaysProps {
  readonly face: Props['face'];
  readonly method: Method;
  readonly busy: boolean;
  readonly onChoose: (method: Method) => void;
  readonly onMail: () => void;
  readonly onBack: (() => void) | null;
}

function Ways({ face, method, busy, onChoose, onMail, onBack }: WaysProps) {
  const words = useWords(SECOND_STEP);
  const shared = useWords(WORDS);
  const { methods, securityEmail } = face;
  return (
    <section class="stack" aria-label={words.waysTitle}>
      <h2>{words.waysTitle}</h2>
      {securityEmail !== null ? (
        <Button full busy={busy} onPress={onMail}>
          {busy ? words.mailSending : words.useMail(securityEmail)}
        </Button>
      ) : (
        <p class="soft small">{words.noMail}</p>
      )}
      {methods.includes('recovery-code') && (
        <Button full onPress={() => onChoose('recovery-code')}>
          {words.useRecovery}
        </Button>
      )}
      {methods.includes('totp') && method !== 'totp' && (
        <Button full onPress={() => onChoose('totp')}>
          {words.useTotp}
        </Button>
      )}
      <p class="soft small">{words.askAdministrator}</p>
      {onBack && <Press onPress={onBack}>{shared.back}</Press>}
    </section>
  );
}
