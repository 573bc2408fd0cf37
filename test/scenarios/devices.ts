// Owns how the scenarios speak of trusted devices: trusting one, and what the list says.

import assert from 'node:assert/strict';
import type { DevicesDocument } from '../../daemon/wire/devices.ts';
import type { Bench } from './bench.ts';
import { type Reply, says } from './client.ts';
import { Browser } from './gateway.ts';
import type { Phone } from './phone.ts';

export const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0';

/** Logs in with a code and trusts the device; its token. The code's step passes. */
export async function trusts(
  bench: Bench,
  phone: Phone,
  name = 'laptop',
  more: Readonly<Record<string, unknown>> = { remoteAddress: '192.0.2.7', userAgent: FIREFOX },
): Promise<string> {
  const login = await bench.challenged('alice', more);
  const answer = { login, user: 'alice', method: 'totp', code: phone.code(bench.now), trustDevice: name };
  const reply = await bench.login('answer', answer);
  says(reply, 200, { outcome: 'accepted' });
  bench.pass(30);
  return reply.body.deviceToken ?? assert.fail('no token');
}

/** A login that the device's token stands for. */
export async function isTrusted(bench: Bench, deviceToken: string): Promise<Reply> {
  const reply = await bench.begin('alice', { deviceToken });
  says(reply, 200, { outcome: 'allow', because: 'trusted-device' });
  return reply;
}

/** A login that is asked for a code; why it is, where the daemon says: the pipeline and the page alike. */
export async function isAsked(bench: Bench, deviceToken: string): Promise<string | undefined> {
  const reply = await bench.begin('alice', { deviceToken });
  says(reply, 401, { outcome: 'challenge' });
  const shown = await bench.page('show', { login: reply.body.login, user: 'alice' });
  says(shown, 202, { outcome: 'challenge' });
  assert.deepEqual(endOf(shown), endOf(reply));
  return endOf(reply).trustEnded;
}

function endOf({ body }: Reply) {
  const { trustEnded, trustEndedAt } = body as { trustEnded?: string; trustEndedAt?: string };
  return { trustEnded, trustEndedAt };
}

/** The list as alice sees it in her settings. */
export async function listed(bench: Bench): Promise<DevicesDocument> {
  const reply = await new Browser(bench, 'alice').asks('GET /api/v1/me/devices');
  says(reply, 200);
  return reply.body as unknown as DevicesDocument;
}

/** Why the device that ended last is not trusted any more. */
export async function lastEnd(bench: Bench): Promise<string | undefined> {
  return (await listed(bench)).ended[0]?.because;
}
