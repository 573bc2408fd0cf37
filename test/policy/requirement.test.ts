// Owns the proof of what a policy asks of who has not enrolled: grace starts once and ends, and nobody slips by.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, type Instant, instant, later } from '../../daemon/kernel/instant.ts';
import { inScope, requirement } from '../../daemon/policy/requirement.ts';
import { FIXED } from '../verification/arbitrary.ts';

const NOW = instant(Date.UTC(2026, 10, 24, 8));
const moments = fc.integer({ min: -400 * DAY, max: 400 * DAY }).map((by) => later(NOW, by));
const graces = fc.integer({ min: 0, max: 365 });

test('without a policy nobody has to, with one everybody who can log in has to', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.option(moments), graces, (loginAccount, graceFrom, graceDays) => {
      const subject = { loginAccount, graceFrom };
      assert.equal(requirement({ scope: 'none', graceDays }, subject, NOW).kind, 'not-required');
      const kind = requirement({ scope: 'all', graceDays }, subject, NOW).kind;
      if (loginAccount) assert.ok(kind === 'grace' || kind === 'required');
      else assert.equal(kind, 'exempt');
      assert.equal(inScope({ scope: 'all', graceDays }, subject), loginAccount);
      assert.equal(inScope({ scope: 'none', graceDays }, subject), false);
    }),
    FIXED,
  );
});

test('grace begins at the first login in scope, lasts its days, and never begins again', () => {
  const later1 = fc.array(fc.integer({ min: 1, max: 40 * DAY }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(graces, later1, (graceDays, passes) => {
      const policy = { scope: 'all', graceDays } as const;
      let now = NOW;
      let graceFrom: Instant | null = null;
      for (const by of passes) {
        const required = requirement(policy, { loginAccount: true, graceFrom }, now);
        assert.equal(required.kind, now < later(NOW, graceDays * DAY) ? 'grace' : 'required');
        if (required.kind === 'grace') {
          assert.equal(required.from, NOW, 'it began once');
          assert.equal(required.until, later(NOW, graceDays * DAY));
          graceFrom = required.from;
        }
        now = later(now, by);
      }
    }),
    FIXED,
  );
});

test('no days of grace are none at all, and grace that is over stays over', () => {
  const subject = { loginAccount: true, graceFrom: null };
  assert.equal(requirement({ scope: 'all', graceDays: 0 }, subject, NOW).kind, 'required');
  const begun = { loginAccount: true, graceFrom: later(NOW, -7 * DAY) };
  assert.equal(requirement({ scope: 'all', graceDays: 7 }, begun, NOW).kind, 'required');
  assert.equal(requirement({ scope: 'all', graceDays: 7 }, begun, later(NOW, -1)).kind, 'grace');
});

test('a beginning that a clock in the future left prolongs nothing', () => {
  const subject = { loginAccount: true, graceFrom: later(NOW, 300 * DAY) };
  const required = requirement({ scope: 'all', graceDays: 7 }, subject, NOW);
  assert.equal(required.kind === 'grace' && required.until, later(NOW, 7 * DAY));
});

test('only what lets somebody in carries a verdict', () => {
  const subject = { loginAccount: true, graceFrom: null };
  assert.ok(!('verdict' in requirement({ scope: 'all', graceDays: 0 }, subject, NOW)));
  assert.ok('verdict' in requirement({ scope: 'all', graceDays: 1 }, subject, NOW));
});
