// Owns the form of the email service. A password goes in and never comes out.

import { useId, useState } from 'preact/hooks';
import type { MailDocument } from '../../wire/mail-setting.ts';
import { useAction } from '../shared/action.ts';
import { useWords } from '../shared/language.tsx';
import { TroubleNote } from '../shared/refusal.tsx';
import { useGuarded } from '../shared/step-up.tsx';
import { Button, TextField } from '../shared/ui.tsx';
import { PROVIDERS, type Provider, SECURITIES, type Security, signsInByCode } from './mail-document.ts';
import { MAIL } from './mail-words.ts';

interface Props {
  readonly mail: MailDocument;
  readonly etag: string | null;
  readonly onSaved: () => Promise<void>;
}

const PORTS: Readonly<Record<Security, string>> = { tls: '465', starttls: '587', plain: '25' };

export function MailForm({ mail, etag, onSaved }: Props) {
  const words = useWords(MAIL);
  const guarded = useGuarded();
  const action = useAction(words.problems);
  const id = useId();
  const [provider, setProvider] = useState<Provider>(mail.provider ?? 'gmail');
  const [from, setFrom] = useState(mail.from ?? '');
  const [host, setHost] = useState(mail.host ?? '');
  const [security, setSecurity] = useState<Security>(mail.security ?? 'tls');
  const [port, setPort] = useState(String(mail.port ?? PORTS[security]));
  const [user, setUser] = useState(mail.user ?? '');
  const [password, setPassword] = useState('');

  const custom = provider === 'smtp';
  const save = async () => {
    const wanted = {
      provider,
      from: from.trim(),
      ...(custom
        ? { host: host.trim(), port: Number(port), security, ...(user === '' ? {} : { user: user.trim() }) }
        : {}),
      // App passwords are shown in groups of four.
      ...(password === ''
        ? {}
        : { password: provider === 'gmail' ? password.replaceAll(' ', '') : password }),
    };
    const headers = { 'If-Match': etag ?? '' };
    const reply = await action.run(() => guarded('PUT', 'admin/mail', wanted, { headers }));
    if (reply) await onSaved();
  };
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <div class="field">
        <label for={`${id}-provider`}>{words.provider}</label>
        <select
          class="input"
          id={`${id}-provider`}
          value={provider}
          onChange={(event) => setProvider(event.currentTarget.value as Provider)}
        >
          {PROVIDERS.map((one) => (
            <option key={one} value={one}>
              {words.providers[one]}
            </option>
          ))}
        </select>
        {words.hints[provider] && <p class="soft small">{words.hints[provider]}</p>}
      </div>
      <TextField label={words.from} type="email" autoComplete="off" required value={from} onText={setFrom} />
      {custom && (
        <>
          <div class="field">
            <label for={`${id}-security`}>{words.security}</label>
            <select
              class="input"
              id={`${id}-security`}
              value={security}
              onChange={(event) => {
                const next = event.currentTarget.value as Security;
                setSecurity(next);
                setPort(PORTS[next]);
              }}
            >
              {SECURITIES.map((one) => (
                <option key={one} value={one}>
                  {words.securities[one]}
                </option>
              ))}
            </select>
          </div>
          <div class="row">
            <div class="grow">
              <TextField
                label={words.host}
                autoComplete="off"
                spellcheck={false}
                required
                value={host}
                onText={setHost}
              />
            </div>
            <TextField
              label={words.port}
              type="number"
              min={1}
              max={65_535}
              required
              value={port}
              onText={setPort}
            />
          </div>
          <TextField
            label={words.user}
            hint={words.userHint}
            autoComplete="off"
            spellcheck={false}
            value={user}
            onText={setUser}
          />
        </>
      )}
      {!signsInByCode(provider) && (
        <TextField
          label={words.password}
          hint={mail.hasPassword ? words.passwordKept : undefined}
          type="password"
          autoComplete="new-password"
          value={password}
          onText={setPassword}
        />
      )}
      <TroubleNote trouble={action.trouble} />
      <div>
        <Button kind="main" submit busy={action.busy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
