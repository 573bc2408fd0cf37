// Owns the proof that whatever the daemon can answer, the pages have a Chinese line for it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FAULTS } from '../../daemon/kernel/fault.ts';
import { AUDIT, OUTCOMES, REASONS } from '../../daemon/pages/shared/audit-words.ts';
import { ENDINGS } from '../../daemon/pages/shared/ending-words.ts';
import { PROBLEMS_ZH, TOLD_IN_FULL } from '../../daemon/pages/shared/problem-words.ts';
import { WORDS } from '../../daemon/pages/shared/words.ts';
import { MAIL_TROUBLES_ZH } from '../../daemon/pages/system/mail-trouble-words.ts';
import { WARNINGS_ZH } from '../../daemon/pages/system/warning-words.ts';
import { DEVICE_ENDINGS } from '../../daemon/wire/devices.ts';
import { EXPLANATIONS, REFUSALS } from '../../daemon/wire/login.ts';
import { MAIL_TROUBLES } from '../../daemon/wire/mail-setting.ts';
import { WARNINGS } from '../../daemon/wire/warning.ts';

const CHINESE = /\p{Script=Han}/u;

/** Every code has its lines and no line is without a code. */
function covers(what: string, codes: readonly string[], table: Readonly<Record<string, unknown>>): void {
  assert.deepEqual(Object.keys(table).sort(), [...codes].sort(), what);
  for (const [code, lines] of Object.entries(table)) {
    for (const line of [lines].flat()) assert.match(String(line), CHINESE, `${what}: ${code}`);
  }
}

test('every fault, warning, failure of mail, refusal and end of a trust is said in Chinese', () => {
  covers('faults', FAULTS, PROBLEMS_ZH);
  covers('warnings', WARNINGS, WARNINGS_ZH);
  covers('failures of mail', MAIL_TROUBLES, MAIL_TROUBLES_ZH);
  covers('refusals', REFUSALS, WORDS.zh.refused);
  covers('ends of a trust', DEVICE_ENDINGS, ENDINGS.zh);
  for (const code of TOLD_IN_FULL) assert.ok((FAULTS as readonly string[]).includes(code), code);
  // A board without the time is explained by the daemon in the login's language.
  const explained = [...Object.keys(WORDS.zh.explained), 'board-clock'].sort();
  assert.deepEqual(explained, [...EXPLANATIONS].sort());
});

test('both languages have the same entries, and nothing in Chinese was left in English', () => {
  for (const [what, both] of Object.entries({ AUDIT, OUTCOMES, REASONS, ENDINGS })) {
    assert.deepEqual(Object.keys(both.zh).sort(), Object.keys(both.en).sort(), what);
    for (const line of Object.values<unknown>(both.zh))
      if (typeof line === 'string') assert.match(line, CHINESE, what);
  }
});
