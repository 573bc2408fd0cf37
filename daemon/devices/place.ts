// Owns what counts as the same place: the network that an address is in. Pure.

import { isIPv4 } from 'node:net';
import { sourceOf } from '../verification/turns.ts';

/** Is none of these addresses in the network of this one (IPv4 /24, IPv6 /64)? No address is a place of its own. */
export function isNewPlace(address: string | null, seen: readonly (string | null)[]): boolean {
  const mine = networkOf(address);
  return !seen.some((other) => networkOf(other) === mine);
}

function networkOf(address: string | null): string {
  const source = sourceOf(address ?? undefined);
  return isIPv4(source) ? source.slice(0, source.lastIndexOf('.')) : source;
}
