// Owns the proof that a verdict is nominal: it says on what ground it was made, and nothing can change that.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Verdict } from '../../daemon/kernel/verdict.ts';
import { admit, isAdmission } from '../../daemon/login/decision.ts';

const document = { outcome: 'allow', user: 'alice', because: 'not-enrolled' } as const;

test('it keeps its ground', () => {
  const verdict = new Verdict('spent-code');
  assert.equal(verdict.ground, 'spent-code');
  assert.throws(() => Object.assign(verdict, { ground: 'policy' }), TypeError);
  assert.equal(verdict.ground, 'spent-code');
});

test('what only looks like one opens nothing', () => {
  const lookAlikes = [{ ground: 'policy' }, JSON.parse('{}'), null, structuredClone(new Verdict('policy'))];
  for (const fake of lookAlikes) assert.throws(() => admit(fake as Verdict, document), TypeError);
  assert.equal(isAdmission(admit(new Verdict('policy'), document)), true);
});
