// Owns how a number of seconds is written.

/** A number of seconds as a person reads it: to the thousandth, or to the second where it is long. */
export function seconds(value: number): string {
  return `${Math.abs(value) < 10 ? value.toFixed(3) : Math.round(value)} s`;
}
