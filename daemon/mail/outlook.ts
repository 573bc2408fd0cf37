// Owns the OAuth 2.0 device authorization grant (RFC 8628) at Microsoft, and refreshing what it gave. It runs as the mail role.

import { type Millis, SECOND } from '../kernel/instant.ts';
import type { MailFailure, OAuthClient, Offered, Polled, Refreshed } from '../wire/mail.ts';

/** As little of the global fetch as is needed. */
export type Fetch = (
  url: string,
  init: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<{ readonly status: number; text(): Promise<string> }>;

/** The runtime's own. */
export const systemFetch: Fetch = (url, init) => fetch(url, init);

/** To send through this mailbox, and to go on doing so after an hour. */
const SCOPE = 'https://outlook.office.com/SMTP.Send offline_access';
const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code';
const PATIENCE: Millis = 15 * SECOND;
const LONGEST_ANSWER = 65_536;

type Failed = Extract<Offered, { outcome: 'failed' }>;

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Begins a device authorization: a person opens the address and types the code. */
export async function authorise(client: OAuthClient, fetch: Fetch): Promise<Offered> {
  const answer = await ask(fetch, client, 'devicecode', { scope: SCOPE });
  if ('outcome' in answer) return answer;
  const { status, body } = answer;
  if (status !== 200) return refusal(body);
  return {
    outcome: 'offered',
    userCode: text(body.user_code),
    deviceCode: text(body.device_code),
    verificationUri: text(body.verification_uri),
    expiresIn: number(body.expires_in),
    interval: typeof body.interval === 'number' ? body.interval : 5,
  };
}

/** Has the person typed it in yet? */
export async function poll(client: OAuthClient, deviceCode: string, fetch: Fetch): Promise<Polled> {
  const answer = await ask(fetch, client, 'token', { grant_type: DEVICE_CODE, device_code: deviceCode });
  if ('outcome' in answer) return answer;
  const { status, body } = answer;
  if (status === 200) return { outcome: 'authorised', ...tokensOf(body) };
  switch (body.error) {
    case 'authorization_pending':
      return { outcome: 'pending' };
    case 'slow_down':
      return { outcome: 'slow-down' };
    case 'authorization_declined':
    case 'access_denied':
      return { outcome: 'declined' };
    case 'expired_token':
      return { outcome: 'expired' };
    default:
      return refusal(body);
  }
}

/** A new access token. */
export async function refresh(client: OAuthClient, refreshToken: string, fetch: Fetch): Promise<Refreshed> {
  const answer = await ask(fetch, client, 'token', {
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
    scope: SCOPE,
  });
  if ('outcome' in answer) return answer;
  const { status, body } = answer;
  return status === 200 ? { outcome: 'refreshed', ...tokensOf(body) } : refusal(body);
}

async function ask(
  fetch: Fetch,
  { endpoint, clientId }: OAuthClient,
  path: string,
  fields: Readonly<Record<string, string>>,
): Promise<Answer | Failed> {
  try {
    const response = await fetch(`${endpoint}/${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: new URLSearchParams({ client_id: clientId, ...fields }).toString(),
      // A token goes to the address that was configured, and nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
    const read = await response.text();
    if (read.length > LONGEST_ANSWER) return failed('authorisation-unreachable', 'the answer is too long');
    const body: unknown = JSON.parse(read);
    if (typeof body !== 'object' || body === null) throw new Error('the answer is not a JSON object');
    return { status: response.status, body: body as Answer['body'] };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    return failed(
      'authorisation-unreachable',
      `${error instanceof Error ? error.message : 'no answer'}${cause}`,
    );
  }
}

/** Microsoft's own words say more than the code; what follows the first line is for its support. */
function refusal({ error, error_description: described }: Answer['body']): Failed {
  const [first = ''] = text(described).split(/\r?\n/);
  const name = text(error);
  const ended = name === 'invalid_grant' || name === 'interaction_required' || name === 'consent_required';
  return failed(
    ended ? 'authorisation-ended' : 'sign-in-refused',
    [name, first].filter((part) => part !== '').join(': '),
  );
}

function tokensOf(body: Answer['body']) {
  return {
    accessToken: text(body.access_token),
    expiresIn: number(body.expires_in),
    refreshToken: typeof body.refresh_token === 'string' ? body.refresh_token : null,
  };
}

function failed(failure: MailFailure, said: string): Failed {
  return { outcome: 'failed', failure, said };
}

const text = (value: unknown) => (typeof value === 'string' ? value : '');
const number = (value: unknown) => (typeof value === 'number' ? value : 0);
