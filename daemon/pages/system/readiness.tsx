// Owns readiness: whether the daemon is well, and who could not get back in today.

import { Fragment } from 'preact';
import type { Status, UserDocument } from '../../wire/admin.ts';
import { useWords } from '../shared/language.tsx';
import { useLoaded } from '../shared/loaded.ts';
import { Badge, Card, Note } from '../shared/ui.tsx';
import { Waiting } from '../shared/waiting.tsx';
import { Warnings } from './warnings.tsx';
import { SYSTEM } from './words.ts';

const TONES = { healthy: 'good', degraded: 'warn', down: 'bad' } as const;

export function Readiness() {
  const words = useWords(SYSTEM);
  const status = useLoaded<Status>('admin/status');
  const users = useLoaded<{ users: UserDocument[] }>('admin/users');
  if (!status.body) return <Waiting on={status} />;
  const { state, users: counts, warnings, version } = status.body;
  const notReady = users.body?.users.filter((user) => user.state === 'enrolled' && !user.ready) ?? [];
  return (
    <>
      <Card title={words.tabs.readiness} aside={<Badge tone={TONES[state]}>{words.states[state]}</Badge>}>
        <dl class="facts">
          {Object.entries(words.counts).map(([name, title]) => (
            <Fragment key={name}>
              <dt>{title}</dt>
              <dd class="number">{counts[name as keyof typeof counts]}</dd>
            </Fragment>
          ))}
        </dl>
        {users.body && notReady.length === 0 && counts.enrolled > 0 && <Note tone="good">{words.ready}</Note>}
        {notReady.length > 0 && (
          <Note tone="warn" title={words.notReadyTitle}>
            <ul>
              {notReady.map(({ name }) => (
                <li key={name}>{name}</li>
              ))}
            </ul>
            <p>{words.notReadyText}</p>
          </Note>
        )}
        <p class="small soft">fygo-2fa {version}</p>
      </Card>
      <Warnings warnings={warnings} />
    </>
  );
}
