// Owns how a secret is written down for an authenticator app: the otpauth URI, base32, groups of four.

import { ScureBase32Plugin } from 'otplib';

const codec = new ScureBase32Plugin();

/** RFC 4648 base32 in capitals, without padding: 20 bytes become 32 characters. */
export function base32(bytes: Uint8Array): string {
  return codec.encode(bytes);
}

/** A secret key as a person copies it: `ABCD EFGH …`; a last group may be shorter. */
export function groupsOfFour(secret: string): string {
  return secret.match(/.{1,4}/gsu)?.join(' ') ?? '';
}

export interface Label {
  /** The brand that the app shows above the code. */
  readonly issuer: string;
  /** Whose code it is, with the host, so that two NASes do not collide in one app. */
  readonly account: string;
}

/**
 * The URI that a QR code carries (Key URI format): `otpauth://totp/Issuer:account?secret=…&issuer=Issuer`.
 * SHA-1, 6 digits and 30 s are the defaults of every app and are left out; some apps stumble over them.
 * Apps split the label at its first colon after undoing the escapes, so a colon inside either part is
 * written as a hyphen: the label is only ever shown.
 * @param secret base32 without padding, as `base32` gives it
 */
export function otpauthUri({ issuer, account }: Label, secret: string): string {
  const from = percentEncode(issuer.replaceAll(':', '-'));
  const whose = percentEncode(account.replaceAll(':', '-'));
  return `otpauth://totp/${from}:${whose}?secret=${percentEncode(secret)}&issuer=${from}`;
}

/** RFC 3986 §2.3: everything but letters, digits and `-._~` becomes `%XX` of its UTF-8 bytes. */
function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
