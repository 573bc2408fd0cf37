// Owns changing how the system sends mail.

import { reachableAdministrators } from '../accounts/administrators.ts';
import { Fault } from '../kernel/fault.ts';
import { Secret } from '../kernel/secret.ts';
import { type Actor, rowBy } from '../service/actor.ts';
import { notify } from '../service/notify.ts';
import type { Parts } from '../service/parts.ts';
import type { MailWanted } from '../wire/mail-setting.ts';
import { readCaFile } from './ca-file.ts';
import { isSameAccount, passwordOf, type Refused, settingOf } from './presets.ts';
import { probe } from './probe.ts';
import type { MailSetting } from './setting.ts';

/**
 * Puts a setting in place of the one whose version was read; the server is tried at once, in the background.
 * @param wanted `null` switches mail off
 * @throws Fault `mail-changed` where somebody else was faster, `mail-setting-refused`. Nothing is changed then.
 */
export async function configureMail(
  parts: Parts,
  wanted: MailWanted | null,
  version: number | null,
  actor: Actor,
): Promise<void> {
  const { state, clock, mail: desk, outbox } = parts;
  const setting = wanted === null ? null : await checked(wanted);
  const administrators = await reachableAdministrators(parts);
  await state.write((t) => {
    const before = t.mail.current();
    if (before.version !== version) throw changed(before.version);
    if (wanted === null || setting === null) t.mail.clear();
    else {
      const same = isSameAccount(before.setting, setting);
      t.mail.put(setting);
      if (!same) t.mail.keep('refresh_token', null);
      if (typeof wanted.password === 'string')
        t.mail.keep('password', new Secret(Buffer.from(passwordOf(setting.provider, wanted.password))));
      else if (wanted.password === null || !same) t.mail.keep('password', null);
    }
    t.audit.add(rowBy(actor, clock.now(), actor.name, 'mail-set', inShort(setting)));
    const address = actor.kind === 'user' ? actor.address : null;
    for (const one of administrators) notify(t, parts, one, 'mail-changed', { actor: actor.name, address });
  });
  desk.forget();
  desk.authorising = null;
  outbox.retry();
  void probe(parts);
}

async function checked(wanted: MailWanted): Promise<MailSetting> {
  const setting = settingOf(wanted);
  if (typeof setting === 'string') throw refused(setting);
  if (setting.caFile !== null) {
    const read = await readCaFile(setting.caFile);
    if (read.kind === 'useless') throw useless(setting.caFile, read.why);
  }
  return setting;
}

/** For the audit trail: never a password. */
function inShort(setting: MailSetting | null): string {
  if (setting === null) return 'off';
  const { provider, host, port, security, sender, account } = setting;
  return `${provider} ${host}:${port} ${security} from=${sender} user=${account ?? '-'}`;
}

const REFUSALS: Readonly<Record<Refused, readonly [string, string]>> = {
  'bad-sender': [
    'The sender is not a mail address.',
    'Give the address of the mailbox, for example nas@example.com.',
  ],
  'host-missing': ['A server of one’s own needs a host.', 'Give the name of the mail server.'],
  'passwords-ended': [
    'Outlook.com takes no passwords from programs since September 2024, app passwords included.',
    'Leave the password out, and authorise the system afterwards.',
  ],
  'password-without-user': ['A password needs a user.', 'Give the user who signs in at the mail server.'],
  'plain-authorisation': [
    'An authorisation is not sent over a connection that anybody can read.',
    'Choose STARTTLS or TLS.',
  ],
};

function refused(why: Refused): Fault {
  const [message, hint] = REFUSALS[why];
  return new Fault('mail-setting-refused', `${message} Nothing was changed.`, hint);
}

function useless(path: string, why: string): Fault {
  return new Fault(
    'mail-setting-refused',
    `The file ${path} ${why}, so no server could be trusted by it. Nothing was changed.`,
    'Give the absolute path of a PEM file ("-----BEGIN CERTIFICATE-----") that the daemon may read.',
  );
}

function changed(version: number): Fault {
  return new Fault(
    'mail-changed',
    `The mail settings were changed by somebody else (they are at version ${version} now), or the request does not say which version it read. Nothing was changed.`,
    'Look at them again and repeat the change.',
  );
}
