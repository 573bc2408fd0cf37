// Owns the small shapes that several contracts share: names, identifiers, times, codes.

import * as v from 'valibot';

const CONTROL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** A line of text a person or program chose: no control characters, bounded. */
export const line = (most: number) =>
  v.pipe(
    v.string(),
    v.minLength(1),
    v.maxLength(most),
    v.check((text) => !CONTROL.test(text), 'must not contain control or invisible formatting characters'),
  );

/** What a person calls a device: any writing, emoji and what joins them included, but nothing that hides or turns it. */
export const deviceName = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(100),
  v.check(
    (text) => !/\p{Cs}/u.test(text) && !CONTROL.test(text.replace(/[\u200c\u200d]/g, '')),
    'must not contain control or invisible formatting characters',
  ),
);

/** A user's name as the login pipeline knows it (NSS decides what it means). At most 256 characters. */
export const userName = v.pipe(
  line(256),
  v.check(
    (name) => !name.startsWith('-') && !/[:/]/.test(name) && name.trim() === name,
    'must be a user name without ":" or "/"',
  ),
);

/** 256 random bits in base64url. */
export const identifier = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{43}$/, 'must be an identifier that this daemon issued'),
);

/** RFC 3339 in UTC: ends in `Z` and names a day that exists. */
export const time = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.endsWith('Z'),
  v.check(isRealDay, 'must name a day that exists'),
);

function isRealDay(text: string): boolean {
  const read = new Date(text);
  return !Number.isNaN(read.getTime()) && read.toISOString().slice(0, 10) === text.slice(0, 10);
}

export const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Whole seconds. */
export const seconds = count;

/** A numeric user id; 4294967295 is "no id" in the kernel's interface. */
export const uid = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4_294_967_294));

/** What a person typed as a code. Judged later; here only bounded. */
export const typedCode = v.pipe(v.string(), v.minLength(1), v.maxLength(128));
