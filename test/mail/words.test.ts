// Owns the proof of what a letter says, in every language and whatever strangers put into it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { instant, MINUTE } from '../../daemon/kernel/instant.ts';
import { compose, composeTest } from '../../daemon/mail/compose.ts';
import { type CodeLetter, type Letter, type Locale, NOTICE_EVENTS } from '../../daemon/mail/letter.ts';

const AT = instant(Date.UTC(2026, 10, 24, 8));
const NAS = { host: 'nas-7', issuer: 'Fygo NAS' };
const LOCALES: readonly Locale[] = ['en', 'zh-CN'];
const KINDS = ['emergency-code', 'password-reset-code', 'confirm-address', 'replace-phone-code'] as const;

const code = (kind: CodeLetter['kind'], changed: Partial<CodeLetter> = {}): CodeLetter => ({
  kind,
  code: 'ABCD-EFGH',
  validFor: 10 * MINUTE,
  service: 'web',
  address: '192.0.2.7',
  ...changed,
});

const write = (letter: Letter, locale: Locale = 'en', name = 'alice') =>
  compose({ name, locale, letter, at: AT }, NAS);

test('a code says which NAS, which address asked, how long it is valid and what to do, in both languages', () => {
  for (const locale of LOCALES)
    for (const kind of KINDS) {
      const { subject, text, html } = write(code(kind), locale);
      for (const part of ['alice', 'nas-7', 'ABCD-EFGH', '192.0.2.7', 'web', '10', '2026-11-24 08:10 UTC'])
        for (const body of [text, html]) assert.ok(body.includes(part), `${locale} ${kind} lacks ${part}`);
      assert.match(text, locale === 'en' ? /If (?:it was not you|you know nothing)/ : /如果/);
      assert.ok(subject.includes('nas-7') && !subject.includes('ABCD'), 'no code on a locked screen');
      assert.match(html, new RegExp(`lang="${locale}"`));
    }
});

test('every notice says what happened, when and from where, in both languages; and none is empty', () => {
  const seen = new Set<string>();
  for (const locale of LOCALES)
    for (const event of NOTICE_EVENTS) {
      const letter = { kind: 'notice', event, name: 'laptop', count: 10, address: '192.0.2.7' } as const;
      const { subject, text, html } = write({ ...letter, actor: 'root', reason: 'phone' }, locale);
      for (const part of ['nas-7', '2026-11-24 08:00 UTC', '192.0.2.7', 'root', 'phone'])
        assert.ok(text.includes(part), `${locale} ${event} lacks ${part}`);
      assert.doesNotMatch(`${subject}${text}${html}`, /undefined|null|NaN/);
      seen.add(subject);
      assert.doesNotMatch(write({ kind: 'notice', event }, locale).text, /undefined|null|NaN/);
    }
  assert.equal(seen.size, LOCALES.length * NOTICE_EVENTS.length, 'no two letters have one subject');
});

test('many events in one letter are counted', () => {
  const text = (times?: number) =>
    write({ kind: 'notice', event: 'failures', count: 5, ...(times && { times }) }).text;
  assert.match(text(3), /It happened 3 times/);
  assert.doesNotMatch(text(), /It happened/);
});

test('what strangers chose changes no line, no header and no HTML', () => {
  const evil = 'x\r\nBcc: mallory@example.com\r\n\r\n<img src=http://example.com/>\u202e&"';
  const { subject, text, html } = compose(
    { name: evil, locale: 'en', letter: code('emergency-code', { address: evil, service: evil }), at: AT },
    { host: evil, issuer: evil },
  );
  assert.doesNotMatch(subject, /[\r\n]/);
  assert.doesNotMatch(text, /^Bcc:/m);
  assert.doesNotMatch(html, /<img/);
  assert.doesNotMatch(`${text}${html}`, /\u202e/);
  const long = write({ kind: 'notice', event: 'device-trusted', name: '🦊'.repeat(5_000) });
  assert.ok(long.text.length < 2_000 && long.text.isWellFormed());
});

test('nothing in a letter is fetched when it is opened', () => {
  for (const { html } of [write(code('emergency-code')), composeTest({ ...NAS, at: AT })])
    assert.doesNotMatch(html, /https?:|src=|url\(|<a\b/i);
});
