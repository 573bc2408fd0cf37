// Owns the clock check: the phone's, this browser's, the NAS's and the network's time side by side.

import { useEffect, useState } from 'preact/hooks';
import type { ClockFace } from '../../wire/clock.ts';
import { call } from '../shared/api.ts';
import { useLanguage, useWords } from '../shared/language.tsx';
import { Note } from '../shared/ui.tsx';
import { WORDS } from '../shared/words.ts';
import { SECOND_STEP } from './words.ts';

/** A difference that nobody's codes survive, and one that a request's way may explain. */
const OFF = 15_000;

interface Measured {
  readonly nas: number;
  readonly network: number | null;
  /** When they were read, on the page's own steady clock and on the browser's. */
  readonly at: number;
  readonly browser: number;
}

export function ClockCheck() {
  const words = useWords(SECOND_STEP);
  const [open, setOpen] = useState(false);
  return (
    <details class="small" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.clock}</summary>
      {open && <Clocks />}
    </details>
  );
}

function Clocks() {
  const words = useWords(SECOND_STEP);
  const shared = useWords(WORDS);
  const language = useLanguage();
  const [measured, setMeasured] = useState<Measured | null>(null);
  const [, tick] = useState(0);
  useEffect(() => {
    void call<ClockFace>('GET', 'second-step/clock').then(({ status, body }) => {
      if (status !== 202) return;
      setMeasured({
        nas: Date.parse(body.systemTime),
        network: body.networkTime === null ? null : Date.parse(body.networkTime),
        at: performance.now(),
        browser: Date.now(),
      });
    });
    const timer = setInterval(() => tick((count) => count + 1), 500);
    return () => clearInterval(timer);
  }, []);
  if (!measured) return <p role="status">{shared.loading}</p>;
  const { nas, network, at, browser } = measured;
  const since = performance.now() - at;
  const show = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeStyle: 'medium' });
  const clock = (time: number) => <span class="number">{show.format(time + since)}</span>;
  const truth = network ?? nas;
  const off = [
    { what: words.clockNas, by: nas - truth },
    { what: words.clockBrowser, by: browser - truth },
  ].filter(({ by }) => Math.abs(by) > OFF);
  return (
    <div class="stack">
      <p>{words.clockIntro}</p>
      <dl class="facts">
        <dt>{words.clockPhone}</dt>
        <dd class="big-time" data-test="phone-time">
          {clock(truth)}
        </dd>
        <dt>{words.clockNetwork}</dt>
        <dd>{network === null ? words.clockNone : clock(network)}</dd>
        <dt>{words.clockNas}</dt>
        <dd>{clock(nas)}</dd>
        <dt>{words.clockBrowser}</dt>
        <dd>{clock(browser)}</dd>
      </dl>
      {off.length === 0 ? (
        <Note tone="good">{words.clockFine}</Note>
      ) : (
        <Note tone="warn">
          {off.map(({ what, by }) => (
            <p key={what}>{words.clockOff(what, shared.span(Math.abs(Math.round(by / 1000))))}</p>
          ))}
          {network !== null && <p>{words.clockJudged}</p>}
        </Note>
      )}
    </div>
  );
}
