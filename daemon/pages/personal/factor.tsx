// Owns the own factor: switching it on in three steps, replacing the phone, turning it off.

import { useState } from 'preact/hooks';
import type { EnrolmentOffer } from '../../wire/login.ts';
import { useAction } from '../shared/action.ts';
import { Ask } from '../shared/ask.tsx';
import { EnrolmentSteps } from '../shared/enrolment.tsx';
import { ENROLMENT } from '../shared/enrolment-words.ts';
import { useMoment, useWords } from '../shared/language.tsx';
import { RecoveryCodes } from '../shared/recovery-codes.tsx';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Badge, Button, Card, Note } from '../shared/ui.tsx';
import { WORDS } from '../shared/words.ts';
import type { PartProps } from './document.ts';
import { PERSONAL } from './words.ts';

export function Factor({ me, reload }: PartProps) {
  const words = useWords(PERSONAL);
  const enrolment = useWords(ENROLMENT);
  const shared = useWords(WORDS);
  const moment = useMoment();
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const [offer, setOffer] = useState<EnrolmentOffer | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const [attempt, setAttempt] = useState(0);
  const enrolled = me.state === 'enrolled';

  const start = async () => {
    const reply = await action.run<EnrolmentOffer>(() =>
      guarded('POST', 'me/enrolment', undefined, { purpose: 'replace-phone' }),
    );
    if (reply) setOffer(reply.body);
  };
  const confirm = async (code: string) => {
    if (action.busy) return;
    const reply = await action.run<{ recoveryCodes: string[] }>(() =>
      guarded('POST', 'me/enrolment/confirm', { code }),
    );
    if (reply) setCodes(reply.body.recoveryCodes);
    else setAttempt((count) => count + 1);
  };
  const off = async () => {
    const reply = await action.run(() => guarded('DELETE', 'me/enrolment'));
    if (reply) await reload();
  };
  const done = async () => {
    setCodes(null);
    setOffer(null);
    await reload();
  };

  if (codes) {
    return (
      <Card title={enrolment.codesTitle}>
        <RecoveryCodes
          codes={codes}
          account={offer?.account ?? me.name}
          done={enrolment.done}
          onDone={() => void done()}
        />
      </Card>
    );
  }
  return (
    <Card
      title={words.factor}
      aside={
        <span class="row">
          {me.required && <Badge tone="warn">{words.required}</Badge>}
          <Badge tone={enrolled ? 'good' : 'bad'}>{enrolled ? words.on : words.off}</Badge>
        </span>
      }
    >
      {offer ? (
        <>
          {enrolled && <Note>{words.replaceText}</Note>}
          <EnrolmentSteps
            heading="h3"
            offer={offer}
            busy={action.busy}
            trouble={action.trouble}
            attempt={attempt}
            onCode={(code) => void confirm(code)}
          />
          <div>
            <Button onPress={() => setOffer(null)}>{shared.cancel}</Button>
          </div>
        </>
      ) : (
        <>
          {enrolled ? (
            <p class="soft">
              {me.enrolledAt && words.since(moment(me.enrolledAt))}{' '}
              {me.lastLogin && words.lastLogin(moment(me.lastLogin))}
            </p>
          ) : (
            <p>{words.offText}</p>
          )}
          {!enrolled && me.enrolBy && <Note tone="warn">{words.enrolBy(moment(me.enrolBy))}</Note>}
          {!enrolled && me.required && !me.enrolBy && <Note tone="warn">{words.mustEnrol}</Note>}
          {me.driftSteps !== 0 && <Note tone="warn">{words.drift}</Note>}
          <TroubleNote trouble={action.trouble} />
          <div class="row">
            {enrolled ? (
              <Button busy={action.busy} onPress={() => void start()}>
                {words.replace}
              </Button>
            ) : (
              <Button kind="main" busy={action.busy} onPress={() => void start()}>
                {words.enable}
              </Button>
            )}
            {enrolled && !me.required && (
              <Ask
                question={words.turnOffAsk}
                yes={words.turnOff}
                danger
                busy={action.busy}
                onYes={() => void off()}
              >
                {words.turnOff}
              </Ask>
            )}
          </div>
          {enrolled && me.required && <p class="small soft">{words.mandatory}</p>}
        </>
      )}
    </Card>
  );
}
