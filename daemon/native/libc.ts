// Owns the one handle on the C library; the rest of this folder declares its functions on it.

import koffi from 'koffi';

/** glibc, loaded once. */
export const libc = koffi.load('libc.so.6');

/** The `errno` that the last call through `libc` left. */
export function errno(): number {
  return koffi.errno();
}

/** The number of an error by its name in errno(3), e.g. `ERANGE`. */
export function errorNumber(name: string): number {
  const number = koffi.os.errno[name];
  if (number === undefined) throw new RangeError(`errno(3) has no ${name}`);
  return number;
}
