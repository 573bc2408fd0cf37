// Owns the proof that browsers are recognised, and that no text of a stranger's making is ever shown.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readUserAgent } from '../../daemon/devices/user-agent.ts';
import { FIXED } from '../verification/arbitrary.ts';

const KIT = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const AGENTS: readonly (readonly [string, string | null, string | null])[] = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'Firefox', 'Linux'],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/131.0.0.0 Safari/537.36`, 'Chrome', 'Windows'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${KIT} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`,
    'Microsoft Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1',
    'Safari',
    'iOS',
  ],
  [`Mozilla/5.0 (Linux; Android 14; K) ${KIT} Chrome/131.0.0.0 Mobile Safari/537.36`, 'Chrome', 'Android'],
  ['curl/8.9.1', null, null],
  ['', null, null],
  ['   ', null, null],
  ['<script>alert(1)</script>/1.0', null, null],
  ['constructor/1 (toString) __proto__/2', null, null],
  ['\u202eelgooG/1.0 \u0000\u001b[31m', null, null],
];

for (const [text, browser, system] of AGENTS) {
  test(`${JSON.stringify(text).slice(0, 60)} is ${browser}, ${system}`, async () => {
    assert.deepEqual(await readUserAgent(text), { browser, system });
  });
}

test('no user agent at all is none', async () => {
  assert.deepEqual(await readUserAgent(null), { browser: null, system: null });
});

test('whatever is sent, only names of the table come out', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 2_000 }), async (text) => {
      const { browser, system } = await readUserAgent(`Mozilla/5.0 (${text}) ${text}`);
      for (const name of [browser, system]) {
        assert.ok(name === null || (name.length < 50 && /^[\p{L}\p{N} .()+/\-!]+$/u.test(name)), `${name}`);
      }
    }),
    FIXED,
  );
});
