// Owns the test mail, with each step of its way shown.

import { useState } from 'preact/hooks';
import type { MailTest as MailResult } from '../../wire/mail-setting.ts';
import { useAction } from '../shared/action.ts';
import { useWords } from '../shared/language.tsx';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Badge, Button, Card, Note, TextField } from '../shared/ui.tsx';
import { MailTroubleText } from './mail-trouble.tsx';
import { MAIL } from './mail-words.ts';

export function MailTest({ onDone }: { readonly onDone: () => Promise<void> }) {
  const words = useWords(MAIL);
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const [address, setAddress] = useState('');
  const [result, setResult] = useState<MailResult | null>(null);
  const send = async () => {
    setResult(null);
    const reply = await action.run<MailResult>(() =>
      guarded('POST', 'admin/mail/test', { address: address.trim() }),
    );
    if (!reply) return;
    setResult(reply.body);
    await onDone();
  };
  return (
    <Card title={words.test}>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <div class="grow">
          <TextField
            label={words.testTo}
            type="email"
            autoComplete="email"
            required
            value={address}
            onText={setAddress}
          />
        </div>
        <Button submit busy={action.busy}>
          {words.testSend}
        </Button>
      </form>
      <TroubleNote trouble={action.trouble} />
      {result && (
        <>
          <ol class="list" data-test="mail-steps">
            {result.steps.map((one) => (
              <li class="stack tight" key={one.step}>
                <span class="row apart">
                  {words.steps[one.step] ?? one.step}
                  <Badge tone={one.ok ? 'good' : 'bad'}>{one.ok ? words.ok : words.bad}</Badge>
                </span>
                {!one.ok && (
                  <div class="small">
                    <MailTroubleText {...one} />
                  </div>
                )}
              </li>
            ))}
          </ol>
          <Note tone={result.ok ? 'good' : 'warn'}>{result.ok ? words.testOk : words.testBad}</Note>
        </>
      )}
    </Card>
  );
}
