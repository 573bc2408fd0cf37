// Owns the policy: who has to use two-factor, shown before it bites.

import { useId, useState } from 'preact/hooks';
import type { PolicyDocument, PreviewDocument } from '../../wire/admin.ts';
import { useAction } from '../shared/action.ts';
import { call } from '../shared/api.ts';
import { useMoment, useWords } from '../shared/language.tsx';
import { type Loaded, useLoaded } from '../shared/loaded.ts';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Button, Card, Note, TextField } from '../shared/ui.tsx';
import { Waiting } from '../shared/waiting.tsx';
import { MANDATORY } from './mandatory-words.ts';
import { Preview } from './preview.tsx';

const SCOPES = ['none', 'administrators', 'all', 'specific'] as const;

export function Mandatory() {
  const loaded = useLoaded<PolicyDocument>('admin/policy');
  if (!loaded.body) return <Waiting on={loaded} />;
  return <PolicyForm key={loaded.version} loaded={loaded} policy={loaded.body} />;
}

interface FormProps {
  readonly loaded: Loaded<PolicyDocument>;
  readonly policy: PolicyDocument;
}

function PolicyForm({ loaded, policy }: FormProps) {
  const words = useWords(MANDATORY);
  const moment = useMoment();
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const group = useId();
  const [scope, setScope] = useState<(typeof SCOPES)[number]>(policy.scope);
  const [users, setUsers] = useState(policy.users.join(', '));
  const [groups, setGroups] = useState(policy.groups.join(', '));
  const [exceptUsers, setExceptUsers] = useState(policy.exceptUsers.join(', '));
  const [exceptGroups, setExceptGroups] = useState(policy.exceptGroups.join(', '));
  const [graceDays, setGraceDays] = useState(String(policy.graceDays));
  const [from, setFrom] = useState('');
  const [preview, setPreview] = useState<PreviewDocument | null>(null);
  const [saved, setSaved] = useState(false);

  const specific = scope === 'specific';
  const wanted = {
    scope,
    graceDays: Number(graceDays) || 0,
    users: specific ? names(users) : [],
    groups: specific ? names(groups) : [],
    exceptUsers: scope === 'none' ? [] : names(exceptUsers),
    exceptGroups: scope === 'none' ? [] : names(exceptGroups),
    ...(from === '' ? {} : { from: new Date(from).toISOString() }),
  };
  const change =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value);
      setPreview(null);
      setSaved(false);
      action.clear();
    };
  const look = async () => {
    const reply = await action.run<PreviewDocument>(() => call('POST', 'admin/policy/preview', wanted));
    if (reply) setPreview(reply.body);
  };
  const save = async (force: boolean) => {
    const headers = { 'If-Match': loaded.etag ?? '' };
    const body = { ...wanted, force };
    const reply = await action.run<PolicyDocument>(() => guarded('PUT', 'admin/policy', body, { headers }));
    if (!reply) {
      // Where somebody else saved in between, the next try is against what is there now.
      await loaded.renew();
      return;
    }
    setSaved(true);
    setPreview(null);
    await loaded.renew();
  };

  return (
    <>
      <Card title={words.title}>
        <p class="soft">{words.text}</p>
        {policy.next && <Note tone="warn">{words.coming(moment(policy.next.from))}</Note>}
        <form
          class="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void look();
          }}
        >
          <fieldset class="stack tight">
            <legend>{words.who}</legend>
            {SCOPES.map((one) => (
              <label class="check" key={one}>
                <input
                  type="radio"
                  name={group}
                  checked={scope === one}
                  onChange={() => change(setScope)(one)}
                />
                <span>{words.scopes[one]}</span>
              </label>
            ))}
          </fieldset>
          {specific && (
            <>
              <TextField label={words.users} hint={words.listHint} value={users} onText={change(setUsers)} />
              <TextField
                label={words.groups}
                hint={words.listHint}
                value={groups}
                onText={change(setGroups)}
              />
            </>
          )}
          {scope !== 'none' && (
            <>
              <TextField label={words.except} value={exceptUsers} onText={change(setExceptUsers)} />
              <TextField label={words.exceptGroups} value={exceptGroups} onText={change(setExceptGroups)} />
              <TextField
                label={words.grace}
                hint={words.graceHint}
                type="number"
                min={0}
                max={365}
                value={graceDays}
                onText={change(setGraceDays)}
              />
              <TextField
                label={words.from}
                hint={words.fromHint}
                type="datetime-local"
                value={from}
                onText={change(setFrom)}
              />
            </>
          )}
          <TroubleNote trouble={action.trouble} />
          {saved && <Note tone="good">{words.saved}</Note>}
          <div class="row">
            <Button submit busy={action.busy}>
              {words.preview}
            </Button>
            {preview && preview.stuck.length === 0 && (
              <Button kind="main" busy={action.busy} onPress={() => void save(false)}>
                {words.save}
              </Button>
            )}
            {preview && preview.stuck.length > 0 && (
              <Button kind="danger" busy={action.busy} onPress={() => void save(true)}>
                {words.force}
              </Button>
            )}
          </div>
        </form>
      </Card>
      {preview && <Preview preview={preview} />}
    </>
  );
}

function names(text: string): string[] {
  return text
    .split(/[,，、\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
