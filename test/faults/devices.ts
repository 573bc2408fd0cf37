// Owns the operations of the fault matrix that are about trusted devices.

import assert from 'node:assert/strict';
import type { Bench } from '../scenarios/bench.ts';
import { says } from '../scenarios/client.ts';
import { isTrusted, listed, trusts } from '../scenarios/devices.ts';
import { type Cast, forgiven, type Operation } from './cast.ts';

const DAY_AND_MORE = 25 * 3_600;

/** Alice has no device, and no failures. */
async function bare(cast: Cast): Promise<void> {
  await forgiven(cast);
  says(await cast.bench.asRoot('POST /v1/users/alice/devices/revoke', { id: 'all' }), 200);
  cast.bench.pass(30);
}

async function lastRow(bench: Bench): Promise<number> {
  const { body } = await bench.asRoot('GET /v1/audit?user=alice&limit=1');
  return (body.rows as unknown as readonly { readonly id: number }[])[0]?.id ?? 0;
}

export const DEVICES: Readonly<Record<string, Operation>> = {
  'trust a device': async (cast) => {
    const { bench, alice } = cast;
    await bare(cast);
    const login = await bench.challenged('alice');
    const code = alice.code(bench.now);
    const answer = { login, user: 'alice', method: 'totp', code, trustDevice: 'laptop' };
    return {
      act: () => bench.login('answer', answer),
      look: async () => {
        const { devices } = await listed(bench);
        const again = await bench.tries('alice', code);
        assert.equal(devices.length, again.status === 200 ? 0 : 1, 'a code without its device');
        return devices.length === 1 ? 'new' : 'old';
      },
    };
  },
  'revoke a device': async (cast) => {
    const { bench, alice } = cast;
    await bare(cast);
    const token = await trusts(bench, alice);
    return {
      act: () => bench.asRoot('POST /v1/users/alice/devices/revoke', { id: 'all' }),
      look: async () => ((await bench.begin('alice', { deviceToken: token })).status === 200 ? 'old' : 'new'),
    };
  },
  "a device's token changes": async (cast) => {
    const { bench, alice } = cast;
    await bare(cast);
    let token = await trusts(bench, alice);
    bench.pass(DAY_AND_MORE);
    const before = await lastRow(bench);
    return {
      act: async () => {
        const reply = await bench.begin('alice', { deviceToken: token });
        token = reply.body.deviceToken ?? token;
        return reply;
      },
      look: async () => {
        const after = await lastRow(bench);
        // The one that was handed out, or else the one that was there.
        await isTrusted(bench, token);
        return after > before ? 'new' : 'old';
      },
    };
  },
};
