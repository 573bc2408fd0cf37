// Owns the proof that an explanation names a time that people can read, in their language.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explanation, languageOf } from '../../daemon/login/words.ts';
import { EXPLANATIONS } from '../../daemon/wire/login.ts';

test('seconds up to a minute and a half, minutes beyond', () => {
  for (const [seconds, words] of [
    [1, '1 second'],
    [30, '30 seconds'],
    [60, '60 seconds'],
    [90, '2 minutes'],
    [240, '4 minutes'],
    [3_600, '60 minutes'],
  ] as const) {
    const { text, seconds: given } = explanation('phone-slow', null, seconds);
    assert.match(text, new RegExp(`right ${words} ago`));
    assert.equal(given, seconds);
  }
  assert.match(explanation('phone-fast', 'zh-CN', 240).text, /4 分钟/);
});

test('every explanation has words in both languages, and none has a time where there is none', () => {
  for (const code of EXPLANATIONS) {
    const english = explanation(code, 'en-GB', 20).text;
    const chinese = explanation(code, 'zh-CN', 20).text;
    assert.match(english, /^[\x20-\x7e]+$/);
    assert.match(chinese, /\p{Script=Han}/u);
    assert.ok(!('seconds' in explanation('board-clock', null)));
  }
});

test('Chinese is answered in Chinese, anything else in English', () => {
  for (const locale of ['zh', 'zh-CN', 'zh_CN.UTF-8', 'ZH-hans']) assert.equal(languageOf(locale), 'zh');
  for (const locale of [null, '', 'en', 'de-DE', 'zha', 'x-zh']) assert.equal(languageOf(locale), 'en');
});
