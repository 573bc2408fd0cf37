// Owns the proof that what an authenticator app is handed is written as apps expect it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ScureBase32Plugin } from 'otplib';
import { base32, groupsOfFour, otpauthUri } from '../../daemon/enrolment/otpauth.ts';

const SECRET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

test('the URI is the Key URI format with nothing but secret and issuer', () => {
  assert.equal(
    otpauthUri({ issuer: 'Fygo NAS', account: 'alice@fygo' }, SECRET),
    `otpauth://totp/Fygo%20NAS:alice%40fygo?secret=${SECRET}&issuer=Fygo%20NAS`,
  );
});

test('everything outside the unreserved characters of RFC 3986 is escaped', () => {
  const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('');
  const uri = otpauthUri({ issuer: printable, account: `${printable}张伟é` }, SECRET);
  const [, label = '', query = ''] = /^otpauth:\/\/totp\/([^?]*)\?(.*)$/.exec(uri) ?? [];
  assert.match(label, /^(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})+:(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})+$/);
  assert.match(query, /^secret=[A-Z2-7]+&issuer=(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})+$/);
  const shown = printable.replaceAll(':', '-');
  assert.equal(decodeURIComponent(label), `${shown}:${shown}张伟é`);
});

test('a colon in either part does not move the border between issuer and account', () => {
  const uri = otpauthUri({ issuer: 'NAS: home', account: 'DOMAIN:alice' }, SECRET);
  const label = decodeURIComponent(new URL(uri).pathname.slice(1));
  assert.equal(label.indexOf(':'), label.lastIndexOf(':'));
  assert.equal(label.slice(0, label.indexOf(':')), new URL(uri).searchParams.get('issuer'));
});

test('a lone surrogate does not throw', () => {
  assert.match(otpauthUri({ issuer: 'F', account: 'a\ud800' }, SECRET), /F:a%EF%BF%BD\?/);
});

test('base32 follows RFC 4648 §10 without padding', () => {
  const vectors = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  };
  for (const [plain, encoded] of Object.entries(vectors)) assert.equal(base32(Buffer.from(plain)), encoded);
});

test('a secret of 160 bits is 32 characters and comes back as the same bytes', () => {
  const bytes = Uint8Array.from({ length: 20 }, (_, i) => i * 13);
  assert.equal(base32(bytes).length, 32);
  assert.deepEqual(new ScureBase32Plugin().decode(base32(bytes)), bytes);
});

test('the secret key is shown in groups of four', () => {
  assert.equal(groupsOfFour(SECRET), 'ABCD EFGH IJKL MNOP QRST UVWX YZ23 4567');
  assert.equal(groupsOfFour('ABCDE'), 'ABCD E');
  assert.equal(groupsOfFour(''), '');
});
