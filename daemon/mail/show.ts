// Owns what an administrator sees of how the system sends mail; never a password.

import { toRfc3339 } from '../kernel/instant.ts';
import type { Parts } from '../service/parts.ts';
import type { Tables } from '../store/tables.ts';
import type { MailDocument } from '../wire/mail-setting.ts';
import { explain, type MailTrouble } from './explain.ts';
import { isAuthorised } from './presets.ts';

/** @throws Fault `store-unavailable` */
export function showMail({ state }: Parts): MailDocument {
  return state.read(describeMail);
}

/** The same, of tables that are being read already. */
export function describeMail(t: Tables): MailDocument {
  const { setting, version, hasPassword, hasRefreshToken, experience } = t.mail.current();
  const trouble = experience?.trouble ?? null;
  const code = trouble?.code as MailTrouble;
  const lastError =
    setting === null || trouble === null
      ? null
      : { code, ...explain(code, trouble.text, setting), said: trouble.text };
  return {
    provider: setting?.provider ?? null,
    from: setting?.sender ?? null,
    host: setting?.host ?? null,
    port: setting?.port ?? null,
    security: setting?.security ?? null,
    user: setting?.account ?? null,
    hasPassword,
    caFile: setting?.caFile ?? null,
    authorised: setting !== null && (!isAuthorised(setting.provider) || hasPassword || hasRefreshToken),
    working: setting !== null && experience !== null && trouble === null,
    lastProbe: experience === null ? null : toRfc3339(experience.at),
    lastError,
    queued: t.letters.queued().length,
    version,
  };
}
