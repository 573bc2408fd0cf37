// Owns how codes that people type are written: Crockford's base32, in groups of four.

/** Crockford's alphabet: no I, L, O, U. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The bytes in groups of four characters: `7K3M-9QXA`. Their number has to be a multiple of five. */
export function writeCrockford(bytes: Uint8Array): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = '';
  for (let i = 0; i < (bytes.length * 8) / 5; i++) {
    text = ALPHABET.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return (text.match(/.{4}/g) ?? []).join('-');
}

/**
 * What was typed, as it was made: NFKC, without spaces and hyphens, in capitals, with the letters that Crockford
 * reads as digits; `null` when it is not of that length or of that alphabet.
 */
export function readCrockford(typed: string, length: number): string | null {
  const text = typed
    .normalize('NFKC')
    .replace(/[\s\p{Pd}\u2212]/gu, '')
    .toUpperCase()
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1');
  return text.length === length && /^[0-9A-HJKMNP-TV-Z]+$/.test(text) ? text : null;
}
