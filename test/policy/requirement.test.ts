// Owns the proof of what a policy asks of who has not enrolled: whom it means, and that grace starts once and ends.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY, type Instant, instant, later } from '../../daemon/kernel/instant.ts';
import {
  type Coverage,
  coverage,
  needsGroups,
  type Person,
  type PolicyRule,
  requirement,
} from '../../daemon/policy/requirement.ts';
import { FIXED } from '../verification/arbitrary.ts';
import { rule } from './rules.ts';

const NOW = instant(Date.UTC(2026, 10, 24, 8));
const moments = fc.integer({ min: -400 * DAY, max: 400 * DAY }).map((by) => later(NOW, by));
const graces = fc.integer({ min: 0, max: 365 });

const bob: Person = { name: 'bob', uid: 1001, loginAccount: true, groups: ['users'], administrator: false };
const subject = { ...bob, graceFrom: null };

test('without a policy nobody has to, with one everybody who can log in has to', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.option(moments), graces, (loginAccount, graceFrom, graceDays) => {
      const who = { ...bob, loginAccount, graceFrom };
      assert.equal(requirement(rule({ graceDays }), who, NOW).kind, 'not-required');
      const kind = requirement(rule({ scope: 'all', graceDays }), who, NOW).kind;
      if (loginAccount) assert.ok(kind === 'grace' || kind === 'required');
      else assert.equal(kind, 'exempt');
    }),
    FIXED,
  );
});

const family = rule({ scope: 'specific', groups: ['family'] });
const named = rule({ scope: 'specific', users: [{ name: 'bob', uid: 1001 }] });
const without = (changed: Partial<PolicyRule>) => rule({ scope: 'all', ...changed });
const unknown = { groups: null, administrator: null };

const CASES: readonly (readonly [string, PolicyRule, Partial<Person>, Coverage])[] = [
  ['administrators: one of them', rule({ scope: 'administrators' }), { administrator: true }, 'inside'],
  ['administrators: somebody else', rule({ scope: 'administrators' }), {}, 'outside'],
  ['administrators: nobody knows', rule({ scope: 'administrators' }), unknown, 'unknown'],
  [
    'administrators: uid 0 without groups',
    rule({ scope: 'administrators' }),
    { uid: 0, groups: null, administrator: true },
    'inside',
  ],
  ['a group: a member', family, { groups: ['users', 'family'] }, 'inside'],
  ['a group: nobody else', family, {}, 'outside'],
  ['a group: another spelling is another group', family, { groups: ['Family'] }, 'outside'],
  ['a group: nobody knows', family, unknown, 'unknown'],
  ['a user', named, {}, 'inside'],
  ['a user whose groups nobody knows', named, unknown, 'inside'],
  ['a second name of his uid', named, { name: 'robert' }, 'inside'],
  ['a later account of his name', named, { uid: 1999 }, 'inside'],
  ['somebody else', named, { name: 'eve', uid: 1002 }, 'outside'],
  ['an exception', without({ exceptUsers: [{ name: 'bob', uid: 1001 }] }), {}, 'exempt'],
  [
    'a later account of an exception’s name',
    without({ exceptUsers: [{ name: 'bob', uid: 1 }] }),
    {},
    'inside',
  ],
  [
    'a second name of an exception’s uid',
    without({ exceptUsers: [{ name: 'rob', uid: 1001 }] }),
    {},
    'inside',
  ],
  ['an exception by group', without({ exceptGroups: ['users'] }), {}, 'exempt'],
  ['an exception by group: nobody knows', without({ exceptGroups: ['users'] }), unknown, 'unknown'],
  ['an exception by another group', without({ exceptGroups: ['kids'] }), {}, 'inside'],
  [
    'an exception in a group of the scope',
    { ...family, exceptUsers: [{ name: 'bob', uid: 1001 }] },
    { groups: ['family'] },
    'exempt',
  ],
  ['a system account in a group of the scope', family, { loginAccount: false, groups: ['family'] }, 'exempt'],
];

for (const [name, policy, changed, expected] of CASES)
  test(`whom a policy means: ${name}`, () => {
    assert.equal(coverage(policy, { ...bob, ...changed }), expected);
    const { kind } = requirement(policy, { ...subject, ...changed }, NOW);
    const wanted = { outside: 'not-required', exempt: 'exempt', inside: 'required', unknown: 'unknown' };
    assert.equal(kind, wanted[expected]);
    if (expected === 'unknown')
      assert.ok(needsGroups(policy), 'groups are asked for where something hangs on them');
  });

test('grace begins at the first login in scope, lasts its days, and never begins again', () => {
  const later1 = fc.array(fc.integer({ min: 1, max: 40 * DAY }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(graces, later1, (graceDays, passes) => {
      const policy = rule({ scope: 'all', graceDays });
      let now = NOW;
      let graceFrom: Instant | null = null;
      for (const by of passes) {
        const required = requirement(policy, { ...bob, graceFrom }, now);
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
  assert.equal(requirement(rule({ scope: 'all' }), subject, NOW).kind, 'required');
  const begun = { ...subject, graceFrom: later(NOW, -7 * DAY) };
  const week = rule({ scope: 'all', graceDays: 7 });
  assert.equal(requirement(week, begun, NOW).kind, 'required');
  assert.equal(requirement(week, begun, later(NOW, -1)).kind, 'grace');
});

test('only what lets somebody in carries a verdict', () => {
  assert.ok(!('verdict' in requirement(rule({ scope: 'all' }), subject, NOW)));
  assert.ok(!('verdict' in requirement(family, { ...subject, groups: null }, NOW)));
  assert.ok('verdict' in requirement(rule({ scope: 'all', graceDays: 1 }), subject, NOW));
});
