// Owns the own recovery codes: how many are left, and new ones.

import { useState } from 'preact/hooks';
import { useAction } from '../shared/action.ts';
import { Ask } from '../shared/ask.tsx';
import { ENROLMENT } from '../shared/enrolment-words.ts';
import { useWords } from '../shared/language.tsx';
import { RecoveryCodes } from '../shared/recovery-codes.tsx';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Badge, Card, Note } from '../shared/ui.tsx';
import type { PartProps } from './document.ts';
import { PERSONAL } from './words.ts';

/** As many as the daemon itself calls few. */
const LOW = 3;

export function Codes({ me, reload }: PartProps) {
  const words = useWords(PERSONAL);
  const enrolment = useWords(ENROLMENT);
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const renew = async () => {
    const reply = await action.run<{ recoveryCodes: string[] }>(() => guarded('POST', 'me/recovery-codes'));
    if (reply) setCodes(reply.body.recoveryCodes);
  };
  const done = async () => {
    setCodes(null);
    await reload();
  };
  if (codes) {
    return (
      <Card title={enrolment.codesTitle}>
        <RecoveryCodes codes={codes} account={me.name} done={enrolment.done} onDone={() => void done()} />
      </Card>
    );
  }
  const low = me.recoveryCodes <= LOW;
  return (
    <Card
      title={words.codes}
      aside={<Badge tone={low ? 'warn' : 'good'}>{words.codesLeft(me.recoveryCodes)}</Badge>}
    >
      <p class="soft">{words.codesText}</p>
      {low && <Note tone="warn">{words.codesLow}</Note>}
      <TroubleNote trouble={action.trouble} />
      <div>
        <Ask question={words.codesAsk} yes={words.codesNew} busy={action.busy} onYes={() => void renew()}>
          {words.codesNew}
        </Ask>
      </div>
    </Card>
  );
}
