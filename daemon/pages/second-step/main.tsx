// Owns the second-step page: it looks at the login that the link names, and shows what it asks for.

import { useEffect, useState } from 'preact/hooks';
import { call } from '../shared/api.ts';
import { useLanguage, useWords } from '../shared/language.tsx';
import { openPage } from '../shared/open-page.tsx';
import { type Trouble, TroubleNote, troubleOf } from '../shared/refusal.tsx';
import { Button, Heading, Shell } from '../shared/ui.tsx';
import { WORDS } from '../shared/words.ts';
import { Challenge } from './challenge.tsx';
import { Enrol } from './enrol.tsx';
import { type Link, readLink } from './link.ts';
import { type Face, type Over, overBy } from './login.ts';
import { SECOND_STEP } from './words.ts';

function Page({ link }: { readonly link: Link }) {
  const words = useWords(SECOND_STEP);
  const shared = useWords(WORDS);
  const language = useLanguage();
  const [face, setFace] = useState<Face | null>(null);
  const [over, setOver] = useState<Over | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [proof, setProof] = useState<string | null>(null);

  const look = async () => {
    setTrouble(null);
    const reply = await call<Face>('POST', 'second-step/show', { login: link.login, user: link.user });
    if (reply.status === 202) return setFace(reply.body);
    const because = (reply.body as { because?: string }).because;
    const ended = because === 'used-code' ? 'answered' : overBy(reply);
    if (ended) setOver(ended);
    else setTrouble(troubleOf(reply, shared, language));
  };
  useEffect(() => void look(), [link]);
  const asked = face?.outcome === 'challenge';
  useEffect(() => {
    if (!asked) return;
    // Left open over night: who comes back is told before a code is typed in vain.
    const returned = async () => {
      if (document.visibilityState !== 'visible') return;
      const reply = await call<Face>('POST', 'second-step/show', { login: link.login, user: link.user });
      setOver((before) => before ?? overBy(reply));
    };
    const listen = () => void returned();
    document.addEventListener('visibilitychange', listen);
    return () => document.removeEventListener('visibilitychange', listen);
  }, [asked, link]);

  if (proof !== null) return <HandOver link={link} proof={proof} />;
  if (over) return <Ended link={link} over={over} />;
  return (
    <Shell narrow>
      <main class="card stack">
        <div class="stack tight">
          <Heading>{face?.outcome === 'enrol' ? words.enrolTitle : words.title}</Heading>
          <p class="soft">{words.as(link.user)}</p>
        </div>
        {trouble && (
          <>
            <TroubleNote trouble={trouble} />
            <Button onPress={() => void look()}>{shared.retry}</Button>
          </>
        )}
        {!face && !trouble && <p role="status">{shared.loading}</p>}
        {face?.outcome === 'challenge' && (
          <Challenge link={link} face={face} onProof={setProof} onOver={setOver} />
        )}
        {face?.outcome === 'enrol' && <Enrol link={link} onProof={setProof} onOver={setOver} />}
      </main>
    </Shell>
  );
}

function Ended({ link, over }: { readonly link: Link; readonly over: Over }) {
  const words = useWords(SECOND_STEP);
  return (
    <Shell narrow>
      <main class="card stack">
        <Heading>{words.expiredTitle}</Heading>
        <p>{words[over]}</p>
        <a class="button main" href={link.again}>
          {words.again}
        </a>
      </main>
    </Shell>
  );
}

/** The browser carries the proof to the pipeline in the body of a POST, where no proxy logs it. */
function HandOver({ link, proof }: { readonly link: Link; readonly proof: string }) {
  const words = useWords(SECOND_STEP);
  return (
    <Shell narrow>
      <main class="card stack">
        <form
          method="post"
          action={link.proofTo}
          class="stack"
          ref={(form) => {
            if (form && !form.dataset.sent) {
              form.dataset.sent = 'yes';
              form.submit();
            }
          }}
        >
          <input type="hidden" name="login" value={link.login} />
          <input type="hidden" name="proof" value={proof} />
          <p role="status">{words.done}</p>
        </form>
      </main>
    </Shell>
  );
}

function Nothing() {
  const words = useWords(SECOND_STEP);
  return (
    <Shell narrow>
      <main class="card stack">
        <Heading>{words.nothingTitle}</Heading>
        <p>{words.nothing}</p>
        <a class="button main" href="/">
          {words.again}
        </a>
      </main>
    </Shell>
  );
}

function App() {
  const [link, setLink] = useState(() => readLink(location.hash, location.origin));
  useEffect(() => {
    const follow = () => setLink(readLink(location.hash, location.origin));
    addEventListener('hashchange', follow);
    return () => {
      removeEventListener('hashchange', follow);
    };
  }, []);
  return link ? <Page key={link.login} link={link} /> : <Nothing />;
}

openPage({ en: 'Two-step verification', zh: '双重验证' }, <App />);
