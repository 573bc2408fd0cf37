// Owns the mail role where it runs in the core's own process: every question to the one who answers it.

import type { MailRequest } from '../wire/mail.ts';
import { authorise, type Fetch, poll, refresh } from './outlook.ts';
import type { MailRole } from './roles.ts';
import { converse } from './smtp.ts';

/** @param ask how the provider of an authorisation is asked */
export function mailRole(ask: Fetch): MailRole {
  return { handle: (request) => answer(request, ask) };
}

async function answer(request: MailRequest, ask: Fetch): Promise<unknown> {
  switch (request.kind) {
    case 'send':
      return converse(request.account, request.message);
    case 'probe':
      return converse(request.account, null);
    case 'authorise':
      return authorise(request.client, ask);
    case 'poll':
      return poll(request.client, request.deviceCode, ask);
    case 'refresh':
      return refresh(request.client, request.refreshToken, ask);
  }
}
