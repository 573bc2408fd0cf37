// Owns the email service: which provider, whether it works, its removal.

import type { MailDocument } from '../../wire/mail-setting.ts';
import { useAction } from '../shared/action.ts';
import { Ask } from '../shared/ask.tsx';
import { useWords } from '../shared/language.tsx';
import { useLoaded } from '../shared/loaded.ts';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Badge, Card, Note } from '../shared/ui.tsx';
import { Waiting } from '../shared/waiting.tsx';
import { signsInByCode } from './mail-document.ts';
import { MailForm } from './mail-form.tsx';
import { SignIn } from './mail-sign-in.tsx';
import { MailTest } from './mail-test.tsx';
import { MailTroubleText } from './mail-trouble.tsx';
import { MAIL } from './mail-words.ts';

export function Mail() {
  const words = useWords(MAIL);
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const loaded = useLoaded<MailDocument>('admin/mail');
  const { body: mail } = loaded;
  if (!mail) return <Waiting on={loaded} />;
  const remove = async () => {
    const headers = { 'If-Match': loaded.etag ?? '' };
    const reply = await action.run(() => guarded('DELETE', 'admin/mail', undefined, { headers }));
    if (reply) await loaded.reload();
  };
  const byCode = signsInByCode(mail.provider);
  const unsigned = byCode && !mail.authorised;
  const state =
    mail.provider === null
      ? { tone: 'warn' as const, text: words.notSet }
      : unsigned
        ? { tone: 'warn' as const, text: words.waiting }
        : mail.working
          ? { tone: 'good' as const, text: words.working }
          : mail.lastProbe === null
            ? { tone: 'warn' as const, text: words.untried }
            : { tone: 'bad' as const, text: words.failing };
  return (
    <>
      <Card title={words.title} aside={<Badge tone={state.tone}>{state.text}</Badge>}>
        <p class="soft">{words.text}</p>
        {mail.lastError && (
          <div class="note warn">
            <MailTroubleText {...mail.lastError} />
          </div>
        )}
        {mail.queued > 0 && <Note>{words.queued(mail.queued)}</Note>}
        <MailForm key={loaded.version} mail={mail} etag={loaded.etag} onSaved={loaded.reload} />
        {mail.provider !== null && (
          <>
            <TroubleNote trouble={action.trouble} />
            <div>
              <Ask
                question={words.removeAsk}
                yes={words.remove}
                danger
                busy={action.busy}
                onYes={() => void remove()}
              >
                {words.remove}
              </Ask>
            </div>
          </>
        )}
      </Card>
      {byCode && <SignIn authorised={mail.authorised} onDone={loaded.reload} />}
      {mail.provider !== null && <MailTest onDone={loaded.renew} />}
    </>
  );
}
