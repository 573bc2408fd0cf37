// Owns what counts as a mail address: what can stand in an envelope and a header without meaning anything else.

/** RFC 5321 §4.5.3.1: 64 octets before the @, 254 in all. */
const LONGEST = 254;
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/**
 * A plain ASCII address with a host name behind the @; `null` where the text is not one. Quoted local parts, comments,
 * address literals and internationalised addresses are not taken: they are rare, and each is a way around a check.
 */
export function readAddress(text: string): string | null {
  const address = text.replaceAll(/^ +| +$/g, '');
  const at = address.lastIndexOf('@');
  if (address.length > LONGEST || at < 1 || at > 64) return null;
  const labels = address.slice(at + 1).split('.');
  const fits = LOCAL.test(address.slice(0, at)) && labels.every((label) => LABEL.test(label));
  return fits ? address : null;
}

/** The part behind the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

/** How an address is shown to who may not know it: `a•••@example.com`. */
export function masked(address: string): string {
  return `${address.slice(0, 1)}•••@${domainOf(address)}`;
}
