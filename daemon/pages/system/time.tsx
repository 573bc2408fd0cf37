// Owns the system time: whether it is right, and what an administrator may do about it.

import { useState } from 'preact/hooks';
import type { ClockDocument } from '../../wire/clock.ts';
import { useAction } from '../shared/action.ts';
import { Ask } from '../shared/ask.tsx';
import { useMoment, useWords } from '../shared/language.tsx';
import { useLoaded } from '../shared/loaded.ts';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Badge, Button, Card, Note } from '../shared/ui.tsx';
import { Waiting } from '../shared/waiting.tsx';
import { seconds } from './seconds.ts';
import { Servers } from './servers.tsx';
import { TIME } from './time-words.ts';

const TONES = { synchronised: 'good', holdover: 'warn', unsynchronised: 'warn', wrong: 'bad' } as const;

export function Time() {
  const words = useWords(TIME);
  const moment = useMoment();
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const loaded = useLoaded<ClockDocument>('admin/clock');
  const [moved, setMoved] = useState<string | null>(null);
  const { body: clock } = loaded;
  if (!clock) return <Waiting on={loaded} />;

  const check = async () => {
    const reply = await action.run<ClockDocument>(() =>
      guarded('POST', 'admin/clock/check', { accept: false }),
    );
    if (reply) loaded.set(reply.body);
  };
  const correct = async () => {
    const reply = await action.run<{ movedSeconds: number; clock: ClockDocument }>(() =>
      guarded('POST', 'admin/clock/set', { force: false }),
    );
    if (!reply) return;
    setMoved(words.moved(seconds(reply.body.movedSeconds)));
    loaded.set(reply.body.clock);
  };
  const automatic = async (on: boolean) => {
    const reply = await action.run(() => guarded('POST', 'admin/clock/auto', { automatic: on }));
    if (reply) await check();
  };
  const { offsetSeconds: offset, boundSeconds: bound, keeper, quorum } = clock;
  const said =
    offset === null
      ? words.unknown
      : Math.abs(offset) < 0.05
        ? words.exact
        : offset > 0
          ? words.fast(seconds(offset))
          : words.slow(seconds(-offset));
  return (
    <>
      <Card title={words.nas} aside={<Badge tone={TONES[clock.state]}>{words.states[clock.state]}</Badge>}>
        <p>{words.stateText[clock.state]}</p>
        {clock.alarm && <Note tone="bad">{words.alarm}</Note>}
        <dl class="facts number">
          <dt>{words.nas}</dt>
          <dd>{moment(clock.systemTime)}</dd>
          <dt>{words.corrected}</dt>
          <dd>{moment(clock.correctedTime)}</dd>
          <dt>{words.offset}</dt>
          <dd>{said}</dd>
          <dt>{words.bound}</dt>
          <dd>{bound === null ? words.unknown : seconds(bound)}</dd>
          <dt>{words.checked}</dt>
          <dd>
            {clock.checked ? moment(clock.checked) : words.never},{' '}
            {words.quorum(quorum.agreeing, quorum.servers, quorum.needed)}
          </dd>
        </dl>
        <TroubleNote trouble={action.trouble} />
        {moved && <Note tone="good">{moved}</Note>}
        <div class="row">
          <Button busy={action.busy} onPress={() => void check()}>
            {words.check}
          </Button>
          <Ask
            question={words.correctAsk}
            yes={words.correct}
            busy={action.busy}
            onYes={() => void correct()}
          >
            {words.correct}
          </Ask>
        </div>
      </Card>
      <Card
        title={words.auto}
        aside={
          <Badge tone={keeper === null || keeper === 'none' ? 'warn' : 'good'}>
            {words.keepers[keeper ?? 'none']}
          </Badge>
        }
      >
        <p class="soft">{words.autoText}</p>
        <div class="row">
          <Button busy={action.busy} onPress={() => void automatic(true)}>
            {words.on}
          </Button>
          <Button busy={action.busy} onPress={() => void automatic(false)}>
            {words.offButton}
          </Button>
        </div>
      </Card>
      <Servers clock={clock} />
    </>
  );
}
