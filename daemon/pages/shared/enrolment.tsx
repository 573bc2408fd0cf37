// Owns the three steps of putting a secret on a phone: scan, or type it in, then prove it with the first code.

import type { EnrolmentOffer } from '../../wire/login.ts';
import { CodeFields } from './code-fields.tsx';
import { ENROLMENT } from './enrolment-words.ts';
import { useWords } from './language.tsx';
import { type Trouble, TroubleNote } from './refusal.tsx';
import { Copy } from './ui.tsx';

interface Props {
  readonly offer: EnrolmentOffer;
  readonly busy: boolean;
  readonly trouble: Trouble | null;
  /** Counts the tries: a new one clears the field. */
  readonly attempt: number;
  readonly onCode: (code: string) => void;
  /** Below which heading the steps stand. */
  readonly heading: 'h2' | 'h3';
}

export function EnrolmentSteps({ offer, busy, trouble, attempt, onCode, heading: Title }: Props) {
  const words = useWords(ENROLMENT);
  return (
    <ol class="steps">
      <li>
        <Title class="title">{words.scan}</Title>
        <div class="enrol pair">
          <img
            class="qr"
            width="240"
            height="240"
            alt={words.qr}
            src={`data:image/svg+xml,${encodeURIComponent(offer.qrSvg)}`}
          />
          <div class="stack">
            <p class="small soft">{words.apps}</p>
            <details class="small">
              <summary>{words.hints}</summary>
              <ul class="list">
                {words.hint.map(([app, where]) => (
                  <li key={app}>
                    <strong>{app}</strong>: {where}
                  </li>
                ))}
              </ul>
            </details>
            <p class="small">
              {words.same} <a href={offer.uri}>{words.open}</a>
            </p>
          </div>
        </div>
      </li>
      <li>
        <Title class="title">{words.byHand}</Title>
        <dl class="facts">
          <dt>{words.account}</dt>
          <dd class="row">
            <span class="mono" data-test="account">
              {offer.account}
            </span>
            <Copy text={offer.account} what={words.account} />
          </dd>
          <dt>{words.secret}</dt>
          <dd class="row">
            <span class="mono" data-test="secret">
              {offer.secret.match(/.{1,4}/g)?.join(' ')}
            </span>
            <Copy text={offer.secret} what={words.secret} />
          </dd>
        </dl>
        <p class="small soft">{words.kind}</p>
      </li>
      <li>
        <Title class="title">{words.first}</Title>
        <p class="small soft" id="first-code-hint">
          {words.firstHint}
        </p>
        <TroubleNote trouble={trouble} id="first-code-trouble" />
        <CodeFields
          key={attempt}
          count={1}
          takeFocus={attempt > 0}
          invalid={trouble !== null}
          describedBy={trouble ? 'first-code-trouble' : 'first-code-hint'}
          onComplete={onCode}
        />
        <p class="small soft" role="status">
          {busy ? words.working : ''}
        </p>
      </li>
    </ol>
  );
}
