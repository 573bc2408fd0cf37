// Owns the operations of the fault matrix: how each is brought about, and how one sees whether it has happened.

import assert from 'node:assert/strict';
import type { Bench } from '../scenarios/bench.ts';
import { type Reply, says } from '../scenarios/client.ts';
import { Browser } from '../scenarios/gateway.ts';
import { Phone } from '../scenarios/phone.ts';
import { type Cast, forgiven, type Operation, type Ready, type Seen } from './cast.ts';
import { DEVICES } from './devices.ts';
import { MAILED } from './mailed.ts';

const reason = 'faults';
const POLICY = { users: ['carol'], groups: [], exceptUsers: [], exceptGroups: [], force: true };

/** Takes away whatever an earlier cell left of somebody. */
async function forgotten(bench: Bench, user: string): Promise<void> {
  await bench.asRoot(`POST /v1/users/${user}/reset`, { reason, what: 'account' });
}

async function policyVersion(bench: Bench): Promise<string> {
  return (await bench.asRoot('GET /v1/policy')).headers.etag ?? '';
}

async function setPolicy(bench: Bench, scope: string, graceDays: number): Promise<Reply> {
  const body = { ...POLICY, users: scope === 'specific' ? POLICY.users : [], scope, graceDays };
  return bench.asRoot('PUT /v1/policy', body, { 'If-Match': await policyVersion(bench) });
}

async function outcomes(bench: Bench, user: string): Promise<number> {
  const { body } = await bench.asRoot(`GET /v1/audit?user=${user}&limit=500`);
  return (body.rows ?? []).length;
}

/** An ID of a login that has to enrol. */
async function enrolling({ bench }: Cast): Promise<string> {
  await forgotten(bench, 'carol');
  says(await setPolicy(bench, 'specific', 0), 200);
  const begun = await bench.begin('carol');
  says(begun, 401, { outcome: 'enrol' });
  return begun.body.login ?? '';
}

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'answer: right code': async (cast) => {
    const { bench, alice } = cast;
    await forgiven(cast);
    bench.pass(30);
    const login = await bench.challenged('alice');
    const code = alice.code(bench.now);
    return {
      act: () => bench.login('answer', { login, user: 'alice', method: 'totp', code }),
      look: async () => {
        const again = await bench.tries('alice', code);
        if (again.status === 200) return 'old';
        says(again, 403, { because: 'used-code' });
        return 'new';
      },
    };
  },
  'answer: wrong code': async (cast) => {
    const { bench, alice } = cast;
    await forgiven(cast);
    const login = await bench.challenged('alice');
    return {
      act: () =>
        bench.login('answer', { login, user: 'alice', method: 'totp', code: alice.wrong(bench.now) }),
      look: async () => ((await bench.user('alice')).failures?.strangers === 1 ? 'new' : 'old'),
      refused: true,
    };
  },
  'answer: recovery code': async (cast) => {
    const { bench } = cast;
    const login = await bench.challenged('alice');
    const code = cast.codes.shift() ?? assert.fail('no recovery codes are left');
    return {
      act: () => bench.login('answer', { login, user: 'alice', method: 'recovery-code', code }),
      look: async () => ((await bench.recovers('alice', code)).status === 200 ? 'old' : 'new'),
    };
  },
  'page: answer': async (cast) => {
    const { bench, alice } = cast;
    await forgiven(cast);
    bench.pass(30);
    const login = await bench.challenged('alice');
    const code = alice.code(bench.now);
    return {
      act: () => bench.page('answer', { login, user: 'alice', method: 'totp', code }),
      look: async () => ((await bench.tries('alice', code)).status === 200 ? 'old' : 'new'),
    };
  },
  redeem: async (cast) => {
    const { bench, alice } = cast;
    await forgiven(cast);
    bench.pass(30);
    const login = await bench.challenged('alice');
    const answered = await bench.page('answer', {
      login,
      user: 'alice',
      method: 'totp',
      code: alice.code(bench.now),
    });
    says(answered, 202);
    const claim = { login, user: 'alice', proof: answered.body.proof };
    return {
      act: () => bench.login('redeem', claim),
      look: async () => ((await bench.login('redeem', claim)).status === 200 ? 'old' : 'new'),
    };
  },
  'step-up': async (cast) => {
    const { bench, alice } = cast;
    await forgiven(cast);
    bench.pass(30);
    const code = alice.code(bench.now);
    const browser = new Browser(bench, 'alice');
    return {
      act: () => browser.asks('POST /api/v1/me/step-up', { method: 'totp', code }),
      look: async () => ((await bench.tries('alice', code)).status === 200 ? 'old' : 'new'),
    };
  },
  'begin: grace begins': async ({ bench }) => {
    await forgotten(bench, 'carol');
    says(await setPolicy(bench, 'specific', 7), 200);
    return {
      act: () => bench.begin('carol'),
      look: async () => {
        const { status, body } = await bench.asRoot('GET /v1/users/carol');
        return status === 200 && (body as { enrolBy?: string | null }).enrolBy ? 'new' : 'old';
      },
    };
  },
  'enrol in a login': async (cast) => {
    const { bench } = cast;
    const login = await enrolling(cast);
    const offer = await bench.login('enrol', { login, user: 'carol' });
    const phone = new Phone(offer.body.secret ?? '');
    return {
      act: () => bench.login('enrol/confirm', { login, user: 'carol', code: phone.code(bench.now) }),
      look: () => enrolledAs(bench, 'carol', phone),
    };
  },
  'enrol by root': async ({ bench }) => {
    await forgotten(bench, 'bob');
    const offer = await bench.asRoot('POST /v1/users/bob/enrolment');
    const phone = new Phone(offer.body.secret ?? '');
    return {
      act: () => bench.asRoot('POST /v1/users/bob/enrolment/confirm', { code: phone.code(bench.now) }),
      look: () => enrolledAs(bench, 'bob', phone),
    };
  },
  'enrol oneself': async ({ bench }) => {
    await forgotten(bench, 'bob');
    const browser = new Browser(bench, 'bob');
    const offer = await browser.asks('POST /api/v1/me/enrolment');
    const phone = new Phone(offer.body.secret ?? '');
    return {
      act: () => browser.asks('POST /api/v1/me/enrolment/confirm', { code: phone.code(bench.now) }),
      look: () => enrolledAs(bench, 'bob', phone),
    };
  },
  'reset: factor': (cast) => resetting(cast, 'factor'),
  'reset: account': (cast) => resetting(cast, 'account'),
  'reset: failures': async (cast) => {
    const { bench, alice } = cast;
    await forgiven(cast);
    says(await bench.tries('alice', alice.wrong(bench.now)), 403);
    return {
      act: () => bench.asRoot('POST /v1/users/alice/reset', { reason, what: 'failures' }),
      look: async () => ((await bench.user('alice')).failures?.strangers === 0 ? 'new' : 'old'),
    };
  },
  pass: async ({ bench }) => {
    await forgotten(bench, 'bob');
    await bench.enrolled('bob');
    return {
      act: () => bench.asRoot('POST /v1/users/bob/pass', { reason }),
      look: async () => ((await bench.user('bob')).pass ? 'new' : 'old'),
    };
  },
  'recovery codes anew': async ({ bench }) => {
    await forgotten(bench, 'bob');
    const bob = await bench.enrolled('bob');
    return {
      act: () => bench.asRoot('POST /v1/users/bob/recovery-codes'),
      look: async () =>
        (await bench.recovers('bob', bob.recoveryCodes[0] ?? '')).status === 200 ? 'old' : 'new',
    };
  },
  'policy set': async ({ bench }) => {
    says(await setPolicy(bench, 'none', 1), 200);
    const version = await policyVersion(bench);
    return {
      act: () => setPolicy(bench, 'none', 9),
      look: async () => ((await policyVersion(bench)) === version ? 'old' : 'new'),
    };
  },
  'password changed': async ({ bench }) => {
    const before = await outcomes(bench, 'alice');
    return {
      act: () => bench.event('alice', 'password-changed'),
      look: async () => ((await outcomes(bench, 'alice')) > before ? 'new' : 'old'),
    };
  },
  'account removed': async ({ bench }) => {
    await forgotten(bench, 'bob');
    await bench.enrolled('bob');
    return {
      act: () => bench.event('bob', 'removed'),
      look: async () => ((await bench.user('bob')).state === 'removed' ? 'new' : 'old'),
    };
  },
  ...DEVICES,
  ...MAILED,
};

/** Not enrolled at all, or enrolled with this phone. */
async function enrolledAs(bench: Bench, user: string, phone: Phone): Promise<Seen> {
  const begun = await bench.begin(user);
  if (begun.status !== 401 || begun.body.outcome === 'enrol') {
    assert.ok(['not-enrolled', undefined].includes(begun.body.because), `${user}: ${begun.text}`);
    return 'old';
  }
  bench.pass(30);
  says(await bench.tries(user, phone.code(bench.now)), 200);
  return 'new';
}

async function resetting({ bench }: Cast, what: 'factor' | 'account'): Promise<Ready> {
  await forgotten(bench, 'bob');
  await bench.enrolled('bob');
  return {
    act: () => bench.asRoot('POST /v1/users/bob/reset', { reason, what }),
    look: async () => {
      const begun = await bench.begin('bob');
      if (begun.status === 401) return 'old';
      says(begun, 200, { because: 'not-enrolled' });
      return 'new';
    },
  };
}
