// Owns an OAuth 2.0 server on loopback that speaks the device authorization grant (RFC 8628) as Microsoft does.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface DeviceFlow {
  readonly endpoint: string;
  /** What the person at the provider has done. */
  person: 'waits' | 'agrees' | 'declines' | 'is late';
  /** The refresh token that counts; each use gives a new one. */
  refreshToken: string;
  /** The access token that counts. */
  accessToken: string;
  /** Seconds between two polls. */
  interval: number;
  /** Answers to give in place of its own, in turn. */
  readonly instead: { status: number; body: string; location?: string }[];
  /** What was asked: path and form. */
  readonly asked: { path: string; form: Record<string, string> }[];
}

const REFUSED = {
  authorization_pending: 'AADSTS70016: Waiting for the user to enter the code.',
  authorization_declined: 'AADSTS70000: The user declined.',
  expired_token: 'AADSTS70019: The code expired.',
  invalid_grant:
    'AADSTS700082: The refresh token has expired due to inactivity.\r\nTrace ID: 1\r\nCorrelation ID: 2',
} as const;

export async function deviceFlow(t: TestContext): Promise<DeviceFlow> {
  let serial = 1;
  const state: DeviceFlow = {
    endpoint: '',
    person: 'waits',
    interval: 5,
    refreshToken: 'refresh-1',
    accessToken: 'access-1',
    instead: [],
    asked: [],
  };
  const tokens = () => {
    state.refreshToken = `refresh-${++serial}`;
    state.accessToken = `access-${serial}`;
    const { accessToken, refreshToken } = state;
    return { token_type: 'Bearer', expires_in: 3600, access_token: accessToken, refresh_token: refreshToken };
  };
  const answer = (path: string, form: Record<string, string>): object | keyof typeof REFUSED => {
    if (path === '/devicecode')
      return {
        user_code: 'FJK4QZ7T',
        device_code: 'device-1',
        verification_uri: 'https://microsoft.com/devicelogin',
        expires_in: 900,
        interval: state.interval,
      };
    if (form.grant_type === 'refresh_token')
      return form.refresh_token === state.refreshToken ? tokens() : 'invalid_grant';
    const { person } = state;
    if (form.device_code !== 'device-1' || person === 'is late') return 'expired_token';
    if (person === 'agrees') return tokens();
    return person === 'declines' ? 'authorization_declined' : 'authorization_pending';
  };
  const server = createServer(async (request, response) => {
    const text = Buffer.concat(await request.toArray()).toString();
    const form = Object.fromEntries(new URLSearchParams(text));
    const path = request.url ?? '';
    state.asked.push({ path, form });
    const other = state.instead.shift();
    if (other) {
      response.writeHead(other.status, other.location === undefined ? {} : { location: other.location });
      response.end(other.body);
      return;
    }
    const said = answer(path, form);
    const refused = typeof said === 'string';
    response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(refused ? { error: said, error_description: REFUSED[said] } : said));
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
