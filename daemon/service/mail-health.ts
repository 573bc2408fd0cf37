// Owns what the daemon's health says of mail, and of people who could not get back in.

import type { Instant } from '../kernel/instant.ts';
import { describeMail } from '../mail/show.ts';
import { notReady } from '../recovery/readiness.ts';
import type { Tables } from '../store/tables.ts';
import type { Status } from '../wire/admin.ts';
import type { WarningCode } from '../wire/warning.ts';

type Warning = Status['warnings'][number] & { readonly code: WarningCode };

export interface MailHealth {
  readonly mail: Status['mail'];
  readonly notReady: number;
  readonly warnings: readonly Warning[];
}

/** As last known: health asks nobody. @throws Fault `store-unavailable` */
export function mailHealth(t: Tables, now: Instant): MailHealth {
  const mail = describeMail(t);
  const stuck = notReady(t, now);
  return {
    mail: { configured: mail.provider !== null, working: mail.working, queued: mail.queued },
    notReady: stuck.length,
    warnings: [...mailWarnings(t, now, mail), ...readinessWarnings(stuck)],
  };
}

/** Mail that nobody needs is no trouble. */
function mailWarnings(t: Tables, now: Instant, mail: ReturnType<typeof describeMail>): Warning[] {
  if (mail.provider === null) {
    const mandatory = t.policies.current(now).scope !== 'none';
    const addresses = t.securityEmails.count();
    if (!mandatory && addresses === 0) return [];
    return [
      {
        code: 'mail-not-configured',
        severity: 'warning',
        text: mandatory
          ? 'Two-factor is mandatory here, and no mail server is set up: whoever loses the phone and the recovery codes needs an administrator.'
          : `${addresses} ${addresses === 1 ? 'user has' : 'users have'} a Security Email, and no mail server is set up: no code reaches anybody.`,
        hint: 'Set one up, and try it: fygo-2fa mail set, fygo-2fa mail test ADDRESS.',
      },
    ];
  }
  if (!mail.authorised) {
    return [
      {
        code: 'mail-not-working',
        severity: 'warning',
        text: 'Nobody has authorised the system at the mail provider yet, so no mail is sent.',
        hint: 'Authorise it: fygo-2fa mail authorise.',
      },
    ];
  }
  const { lastError } = mail;
  if (lastError === null) return [];
  const text = `Mail does not work, so no codes are sent. ${lastError.text}`;
  const { hint } = lastError;
  return lastError.code === 'mail-needs-clock'
    ? [{ code: 'mail-needs-clock', severity: 'warning', text, hint }]
    : [{ code: 'mail-not-working', severity: 'warning', text, hint }];
}

const MOST_NAMED = 5;

function readinessWarnings(stuck: readonly string[]): Warning[] {
  if (stuck.length === 0) return [];
  const named = stuck.slice(0, MOST_NAMED).join(', ');
  const more = stuck.length > MOST_NAMED ? ` and ${stuck.length - MOST_NAMED} more` : '';
  return [
    {
      code: 'users-not-ready',
      severity: 'warning',
      text: `${named}${more} could not get back in without the phone today: no recovery codes left, and no Security Email that a code would reach.`,
      hint: 'They make new codes in Personal Settings and set a Security Email there; or you do: fygo-2fa user recovery-codes NAME.',
    },
  ];
}
