// Owns when servers count as agreeing, and what they agree on. Pure.

import type { Millis } from '../kernel/instant.ts';

/** What one server said, after the checks of `exchange`. */
export interface Sample {
  /** Where the answer came from: two names of one address are one witness. */
  readonly address: string;
  /** True time minus elapsed time, ms. */
  readonly epoch: Millis;
  readonly bound: Millis;
}

export interface Quorum {
  /** True time minus elapsed time, ms: what most servers agree on. */
  readonly epoch: Millis;
  /** How far that can be wrong as long as most of them are right. */
  readonly bound: Millis;
  readonly agreeing: number;
  /** Elapsed time of the measurement. */
  readonly at: Millis;
}

/** Farther from the median, a server does not agree. */
export const AGREEMENT: Millis = 500;
/** However few are configured. */
export const FEWEST = 3;

/** How many have to agree: at least three, and more than half of those configured. */
export function needed(configured: number): number {
  return Math.max(FEWEST, Math.floor(configured / 2) + 1);
}

/** Which samples agree, in their order. Two of one address count once. */
export function agreement(samples: readonly Sample[]): readonly boolean[] {
  const seen = new Set<string>();
  const first = samples.map(({ address }) => !seen.has(address) && seen.add(address).size > 0);
  const epochs = samples.filter((_, i) => first[i]).map(({ epoch }) => epoch);
  if (epochs.length === 0) return samples.map(() => false);
  // A majority always spans the median of all; its own median then says who belongs to it.
  const among = epochs.filter((epoch) => Math.abs(epoch - median(epochs)) <= 2 * AGREEMENT);
  if (among.length === 0) return samples.map(() => false);
  const centre = median(among);
  const agreeing = samples.map(({ epoch }, i) => first[i] === true && Math.abs(epoch - centre) <= AGREEMENT);
  const own = median(samples.filter((_, i) => agreeing[i]).map(({ epoch }) => epoch));
  return samples.map(({ epoch }, i) => agreeing[i] === true && Math.abs(epoch - own) <= AGREEMENT);
}

/** What enough servers agree on, or `null`. @param at elapsed time of the measurement. */
export function quorumOf(samples: readonly Sample[], configured: number, at: Millis): Quorum | null {
  const agrees = agreement(samples);
  const agreeing = samples.filter((_, i) => agrees[i]);
  if (agreeing.length < needed(configured)) return null;
  const epoch = median(agreeing.map((sample) => sample.epoch));
  const spread = Math.max(...agreeing.map((sample) => Math.abs(sample.epoch - epoch)));
  return { epoch, bound: median(agreeing.map(({ bound }) => bound)) + spread, agreeing: agreeing.length, at };
}

/** The middle one, or the middle of the middle two; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[Math.ceil(middle) - 1] ?? Number.NaN,
    sorted[Math.floor(middle)] ?? Number.NaN,
  ];
  return low + (high - low) / 2;
}
