// Owns the proof that the value which opens the door cannot be made by writing something that looks like it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Verdict } from '../../daemon/kernel/verdict.ts';
import { Admission, admit, isAdmission } from '../../daemon/login/decision.ts';
import type { Allowed } from '../../daemon/wire/login.ts';

const document: Allowed = { outcome: 'allow', user: 'alice', because: 'not-enrolled' };

test('a verdict makes an admission, which carries its document', () => {
  const admission = admit(new Verdict('policy'), document);
  assert.ok(isAdmission(admission));
  assert.equal(admission.document, document);
});

test('nothing else is one: no look-alike, no copy, no object with its prototype', () => {
  const real = admit(new Verdict('policy'), document);
  const others = [
    { document },
    { ...real },
    structuredClone({ document }),
    document,
    null,
    undefined,
    200,
    'allow',
  ];
  for (const other of others) assert.equal(isAdmission(other), false);
  assert.equal(isAdmission(Object.create(Admission.prototype, { document: { value: document } })), false);
  assert.equal(isAdmission(Object.create(real)), false);
});

test('it cannot be made without a verdict', () => {
  for (const key of [Symbol('admission'), Symbol.for('admission')]) {
    assert.throws(() => new Admission(key, document), TypeError);
  }
  const forged = { ground: 'spent-code' } as unknown as Verdict;
  assert.throws(() => admit(forged, document), TypeError);
});
