// Owns the operations of the fault matrix that send a letter, or are brought about by the code in one.

import assert from 'node:assert/strict';
import { says } from '../scenarios/client.ts';
import { codeIn } from '../scenarios/mailbox.ts';
import { type Cast, forgiven, type Operation } from './cast.ts';

const ADDRESS = 'alice@example.com';
/** In seconds. */
const HOUR = 3_600;
/** In milliseconds. */
const MINUTE = 60_000;

/**
 * Does what mails a code, and reads it: the first letter with one that is of now. One from before the last kill may be
 * sent again at any time.
 */
async function mailed({ bench, mailbox }: Cast, ask: () => Promise<unknown>): Promise<string> {
  const since = bench.now - MINUTE;
  await ask();
  for (;;) {
    const letter = await mailbox.next();
    const written = Date.parse(/^Date: (.+)$/im.exec(letter.headers)?.[1] ?? '');
    if (written < since) continue;
    if (/\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b/.test(letter.text)) return codeIn(letter);
  }
}

/** Alice has her Security Email, no failures, and may have letters. */
async function reachable(cast: Cast): Promise<void> {
  const { bench } = cast;
  await forgiven(cast);
  bench.pass(HOUR);
  if (((await bench.begin('alice')).body as { securityEmail?: unknown }).securityEmail) return;
  const code = await mailed(cast, async () =>
    says(await bench.asRoot('PUT /v1/users/alice/security-email', { address: ADDRESS }), 202),
  );
  says(await bench.asRoot('POST /v1/users/alice/security-email/confirm', { code }), 200);
  bench.pass(HOUR);
}

async function emergency(cast: Cast): Promise<{ login: string; code: string }> {
  const login = await cast.bench.challenged('alice');
  const code = await mailed(cast, async () =>
    says(await cast.bench.login('emergency-mail', { login, user: 'alice' }), 202),
  );
  return { login, code };
}

export const MAILED: Readonly<Record<string, Operation>> = {
  'emergency mail': async (cast) => {
    const { bench } = cast;
    await reachable(cast);
    const login = await bench.challenged('alice');
    return {
      act: () => bench.login('emergency-mail', { login, user: 'alice' }),
      // One a minute: a second one is refused where the first is remembered.
      look: async () => {
        const next = await bench.challenged('alice');
        const { status } = await bench.login('emergency-mail', { login: next, user: 'alice' });
        return status === 429 ? 'new' : 'old';
      },
    };
  },
  'answer: mailed code': async (cast) => {
    const { bench } = cast;
    await reachable(cast);
    const { login, code } = await emergency(cast);
    const answer = { login, user: 'alice', method: 'emergency-code', code };
    return {
      act: () => bench.login('answer', answer),
      look: async () => ((await bench.login('answer', answer)).status === 200 ? 'old' : 'new'),
    };
  },
  'confirm a Security Email': async (cast) => {
    const { bench } = cast;
    await reachable(cast);
    says(await bench.asRoot('DELETE /v1/users/alice/security-email'), 200);
    const code = await mailed(cast, async () =>
      says(await bench.asRoot('PUT /v1/users/alice/security-email', { address: ADDRESS }), 202),
    );
    return {
      act: () => bench.asRoot('POST /v1/users/alice/security-email/confirm', { code }),
      look: async () => {
        const { body } = await bench.begin('alice');
        return (body as { securityEmail?: unknown }).securityEmail ? 'new' : 'old';
      },
    };
  },
  'redeem a password reset': async (cast) => {
    const { bench } = cast;
    await reachable(cast);
    let reset: string | undefined;
    const code = await mailed(cast, async () => {
      const begun = await bench.reset('begin', { user: 'alice' });
      says(begun, 202);
      reset = (begun.body as { reset?: string }).reset;
    });
    const claim = { reset, user: 'alice', code };
    return {
      act: () => bench.reset('redeem', claim),
      look: async () => ((await bench.reset('redeem', claim)).status === 201 ? 'old' : 'new'),
    };
  },
  'set mail up': async (cast) => {
    const { bench, mailbox } = cast;
    await reachable(cast);
    const version = async () => (await bench.asRoot('GET /v1/mail')).headers.etag;
    const before = await version();
    return {
      act: () => mailbox.setUp(bench),
      look: async () => ((await version()) === before ? 'old' : 'new'),
    };
  },
};

/** Mail works, and alice has an address. */
export async function postable(cast: Cast): Promise<void> {
  await cast.mailbox.serves(cast.bench);
  await reachable(cast);
  assert.ok(cast.mailbox.count > 0);
}
