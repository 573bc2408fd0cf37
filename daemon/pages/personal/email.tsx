// Owns the own Security Email: set, confirmed with the mailed code, changed, removed.

import { useState } from 'preact/hooks';
import { useAction } from '../shared/action.ts';
import { Ask } from '../shared/ask.tsx';
import { useLanguage, useWords } from '../shared/language.tsx';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Badge, Button, Card, Note, TextField } from '../shared/ui.tsx';
import { WORDS } from '../shared/words.ts';
import type { PartProps, SecurityEmail } from './document.ts';
import { PERSONAL } from './words.ts';

export function Email({ me, email, reload }: PartProps & { readonly email: SecurityEmail }) {
  const words = useWords(PERSONAL);
  const shared = useWords(WORDS);
  const language = useLanguage();
  const guarded = useGuarded();
  const action = useAction({ ...words.problems, ...words.mail });
  const [address, setAddress] = useState('');
  const [code, setCode] = useState('');
  const [changing, setChanging] = useState(false);
  const set = async () => {
    const body = { address: address.trim(), locale: language === 'zh' ? 'zh-CN' : 'en' };
    const reply = await action.run(() => guarded('PUT', 'me/security-email', body));
    if (!reply) return;
    setChanging(false);
    setAddress('');
    await reload();
  };
  const confirm = async () => {
    const reply = await action.run(() => guarded('POST', 'me/security-email/confirm', { code }));
    setCode('');
    if (reply) await reload();
  };
  const remove = async () => {
    const reply = await action.run(() => guarded('DELETE', 'me/security-email'));
    if (reply) await reload();
  };
  const state = email.address
    ? ({ tone: 'good', text: words.emailConfirmed } as const)
    : email.pending
      ? ({ tone: 'warn', text: words.emailPending } as const)
      : ({ tone: me.state === 'enrolled' ? 'warn' : undefined, text: words.emailNone } as const);
  const asks = changing || (!email.address && !email.pending);
  return (
    <Card title={words.email} aside={<Badge tone={state.tone}>{state.text}</Badge>}>
      <p class="soft">{words.emailText}</p>
      {email.address && (
        <p class="mono" data-test="security-email">
          {email.address}
        </p>
      )}
      <TroubleNote trouble={action.trouble} />
      {email.pending && !changing && (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void confirm();
          }}
        >
          <Note>{words.emailPendingText(email.pending)}</Note>
          <div class="row">
            <div class="grow">
              <TextField
                label={words.emailCode}
                autoComplete="one-time-code"
                autoCapitalize="characters"
                class="input mono"
                value={code}
                onText={setCode}
              />
            </div>
            <Button kind="main" submit busy={action.busy}>
              {words.emailConfirm}
            </Button>
          </div>
        </form>
      )}
      {asks ? (
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void set();
          }}
        >
          <TextField
            label={words.emailAddress}
            type="email"
            autoComplete="email"
            required
            value={address}
            onText={setAddress}
          />
          <div class="row">
            <Button kind="main" submit busy={action.busy}>
              {words.emailSet}
            </Button>
            {changing && <Button onPress={() => setChanging(false)}>{shared.cancel}</Button>}
          </div>
        </form>
      ) : (
        <div class="row">
          <Button onPress={() => setChanging(true)}>{words.emailChange}</Button>
          <Ask
            question={words.emailRemoveAsk}
            yes={words.emailRemove}
            danger
            busy={action.busy}
            onYes={() => void remove()}
          >
            {words.emailRemove}
          </Ask>
        </div>
      )}
    </Card>
  );
}
