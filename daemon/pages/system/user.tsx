// Owns one user as an administrator sees him: his state, a pass, a reset with a reason.

import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import type { Me } from '../personal/document.ts';
import { useAction } from '../shared/action.ts';
import { Ask } from '../shared/ask.tsx';
import { AuditList } from '../shared/audit-list.tsx';
import { useMoment, useWords } from '../shared/language.tsx';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Button, Card, Copy, Note, TextField } from '../shared/ui.tsx';
import { Badges } from './badges.tsx';
import { USERS } from './users-words.ts';
import { SYSTEM } from './words.ts';

interface Props {
  readonly user: Me;
  readonly renew: () => Promise<void>;
}

export function User({ user, renew }: Props) {
  const words = useWords(USERS);
  const system = useWords(SYSTEM);
  const moment = useMoment();
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const [reason, setReason] = useState('');
  const [pass, setPass] = useState<{ readonly pass: string; readonly expires: string } | null>(null);
  const [done, setDone] = useState(0);
  const place = `admin/users/${encodeURIComponent(user.name)}`;
  const enrolled = user.state === 'enrolled';

  const make = async () => {
    const reply = await action.run<{ pass: string; expires: string }>(() =>
      guarded('POST', `${place}/pass`, { reason: reason.trim() }),
    );
    if (reply) setPass(reply.body);
    if (reply) await renew();
  };
  const finish = async (ask: Parameters<typeof action.run>[0]) => {
    if (!(await action.run(ask))) return;
    setDone((count) => count + 1);
    setReason('');
    await renew();
  };
  const reset = (what: 'factor' | 'failures') =>
    finish(() => guarded('POST', `${place}/reset`, { reason: reason.trim(), what }));

  const facts: [string, string | number | null][] = [
    [words.facts.uid, user.uid],
    [words.facts.enrolledAt, user.enrolledAt && moment(user.enrolledAt)],
    [words.facts.lastLogin, user.lastLogin && moment(user.lastLogin)],
    [words.facts.enrolBy, user.enrolBy && moment(user.enrolBy)],
    [words.facts.recoveryCodes, enrolled ? user.recoveryCodes : null],
    [words.facts.securityEmail, user.securityEmail.address ?? words.noEmail],
    [words.facts.trustedDevices, user.trustedDevices],
    [words.facts.failures, enrolled ? user.failures.strangers + user.failures.knownDevices : null],
    [words.facts.pass, user.pass && moment(user.pass)],
  ];
  return (
    <>
      <p>
        <a href="#users">← {words.back}</a>
      </p>
      <Card title={user.name} aside={<Badges user={user} />}>
        <dl class="facts number">
          {facts
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <Fragment key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </Fragment>
            ))}
        </dl>
      </Card>
      {enrolled && (
        <Card title={`${words.passTitle} · ${words.resetTitle}`}>
          <TextField
            label={words.reason}
            hint={words.reasonHint}
            maxLength={200}
            value={reason}
            onText={setReason}
          />
          <TroubleNote trouble={action.trouble} />
          {done > 0 && !action.trouble && <Note tone="good">{words.done}</Note>}
          {pass && (
            <Note tone="good">
              <p class="big-time mono row">
                <span data-test="pass">{pass.pass}</span> <Copy text={pass.pass} what={words.passTitle} />
              </p>
              <p>{words.passMade(moment(pass.expires))}</p>
            </Note>
          )}
          <p class="soft small">{words.passText}</p>
          <div>
            <Button busy={action.busy} onPress={() => void make()}>
              {words.passMake}
            </Button>
          </div>
          <p class="soft small">{words.failuresText}</p>
          <div>
            <Button busy={action.busy} onPress={() => void reset('failures')}>
              {words.failures}
            </Button>
          </div>
          <p class="soft small">{words.resetText}</p>
          <div>
            <Ask
              question={words.resetAsk(user.name)}
              yes={words.reset}
              danger
              busy={action.busy}
              onYes={() => void reset('factor')}
            >
              {words.reset}
            </Ask>
          </div>
          {user.trustedDevices > 0 && (
            <div>
              <Button
                busy={action.busy}
                onPress={() => void finish(() => guarded('POST', `${place}/devices/revoke`, { id: 'all' }))}
              >
                {words.revokeAll}
              </Button>
            </div>
          )}
        </Card>
      )}
      <Card title={system.tabs.audit}>
        <AuditList key={done} path="admin/audit" query={`limit=20&user=${encodeURIComponent(user.name)}`} />
      </Card>
    </>
  );
}
