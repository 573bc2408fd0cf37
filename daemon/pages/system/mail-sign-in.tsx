// Owns the sign-in at a provider by a code that is typed on another device.

import { useEffect, useState } from 'preact/hooks';
import type { Authorisation, AuthorisationState } from '../../wire/mail-setting.ts';
import { useAction } from '../shared/action.ts';
import { call } from '../shared/api.ts';
import { useWords } from '../shared/language.tsx';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Badge, Button, Card, Copy, Note } from '../shared/ui.tsx';
import { MAIL } from './mail-words.ts';

type End = Exclude<AuthorisationState['state'], 'pending'>;

interface Props {
  readonly authorised: boolean;
  readonly onDone: () => Promise<void>;
}

export function SignIn({ authorised, onDone }: Props) {
  const words = useWords(MAIL);
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const [offer, setOffer] = useState<Authorisation | null>(null);
  const [end, setEnd] = useState<End | null>(null);

  const begin = async () => {
    setEnd(null);
    const reply = await action.run<Authorisation>(() => guarded('POST', 'admin/mail/authorise'));
    if (reply) setOffer(reply.body);
  };
  useEffect(() => {
    if (!offer) return;
    let live = true;
    const look = async () => {
      const { body } = await call<Partial<AuthorisationState>>('POST', 'admin/mail/authorise/poll');
      if (!live) return;
      if (body.state === 'authorised' || body.state === 'declined' || body.state === 'expired') {
        setOffer(null);
        setEnd(body.state);
        if (body.state === 'authorised') await onDone();
      } else timer = setTimeout(() => void look(), offer.interval * 1000);
    };
    let timer = setTimeout(() => void look(), offer.interval * 1000);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [offer]);

  const ends = { authorised: words.signedIn, declined: words.declined, expired: words.expired };
  // Only ever a web page, whatever a provider answers.
  const uri = offer && /^https:\/\//.test(offer.verificationUri) ? offer.verificationUri : null;
  return (
    <Card title={words.signInTitle} aside={authorised ? <Badge tone="good">{words.signedIn}</Badge> : null}>
      <TroubleNote trouble={action.trouble} />
      {end && <Note tone={end === 'authorised' ? 'good' : 'warn'}>{ends[end]}</Note>}
      {offer ? (
        <>
          <p>
            {words.signInText}{' '}
            {uri && (
              <a href={uri} target="_blank" rel="noreferrer">
                {uri}
              </a>
            )}
          </p>
          <p class="big-time mono row">
            <span data-test="user-code">{offer.userCode}</span>{' '}
            <Copy text={offer.userCode} what={words.signInTitle} />
          </p>
          <p class="soft" role="status">
            {words.signInWait}
          </p>
        </>
      ) : (
        <div>
          <Button kind={authorised ? 'plain' : 'main'} busy={action.busy} onPress={() => void begin()}>
            {words.signIn}
          </Button>
        </div>
      )}
    </Card>
  );
}
