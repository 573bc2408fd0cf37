// Owns the proof that a mailed code is right once, for five tries, for its own subject, and never for who gets no mail.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Instant, later, MINUTE } from '../../daemon/kernel/instant.ts';
import { storeCode } from '../../daemon/recovery/mail-code.ts';
import type { MailedKind } from '../../daemon/recovery/mailed-code.ts';
import { judgeMailed } from '../../daemon/recovery/spend-mailed.ts';
import { makeTables, NOW, SEALING } from '../store/board.ts';

const CODE = '7K3M-9QXA';

/** A code of alice's login, unless said otherwise; and what is said to whatever is typed. */
function bench(t: TestContext, stored: { readonly kind?: MailedKind; readonly decoy?: true } = {}) {
  const { tables } = makeTables(t);
  const alice = tables.users.add('alice', 1000).id;
  const { kind = 'emergency', decoy } = stored;
  storeCode(tables, { kind, id: 'a', user: decoy ? null : alice, code: CODE }, NOW, SEALING.key);
  return (typed: string, of: { id?: string; kind?: MailedKind; at?: Instant } = {}) => {
    const judged = judgeMailed(tables, { kind, id: 'a', ...of, typed }, of.at ?? NOW, SEALING.key);
    return judged.kind === 'right' ? judged.user === alice : judged.because;
  };
}

test('right once, however it is typed', (t) => {
  const said = bench(t);
  assert.equal(said(' 7k3m 9qxa '), true);
  assert.equal(said(CODE), 'expired-code');
});

test('five tries; what cannot be a code costs none', (t) => {
  const said = bench(t);
  for (const typed of ['', '123456', '7K3M-9QX', '😀', CODE.repeat(2)])
    assert.equal(said(typed), 'wrong-code');
  for (let i = 0; i < 4; i++) assert.equal(said('0000-0000'), 'wrong-code');
  assert.equal(said(CODE), true, 'the fifth is right');

  const guessed = bench(t);
  for (let i = 0; i < 5; i++) assert.equal(guessed('0000-0000'), 'wrong-code');
  assert.equal(guessed(CODE), 'expired-code');
});

test('for ten minutes, by a clock that may be put back', (t) => {
  const said = bench(t);
  assert.equal(said(CODE, { at: later(NOW, 10 * MINUTE) }), 'expired-code');
  assert.equal(said(CODE, { at: later(NOW, -MINUTE - 1) }), 'expired-code');
  assert.equal(said(CODE, { at: later(NOW, 10 * MINUTE - 1) }), true);
});

test('for its own subject and purpose', (t) => {
  const said = bench(t);
  assert.equal(said(CODE, { id: 'b' }), 'expired-code');
  for (const kind of ['reset', 'confirm', 'replace-phone'] as const)
    assert.equal(said(CODE, { kind }), 'expired-code');
  assert.equal(said(CODE), true);
});

test('the reset of a name that gets no mail is wrong as often as any, and never right', (t) => {
  const said = bench(t, { kind: 'reset', decoy: true });
  for (let i = 0; i < 5; i++) assert.equal(said(CODE), 'wrong-code');
  assert.equal(said(CODE), 'expired-code');
});
