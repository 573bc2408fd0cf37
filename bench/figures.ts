// Owns how a figure is condensed: medians over runs with their spread, and ratios between figures of one run.

/** The value below which `share` (0 to 1) of the sorted samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export interface Figure {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One figure from the same measurement of several runs. */
export function figure(runs: readonly number[]): Figure {
  return { median: percentile(runs, 0.5), min: Math.min(...runs), max: Math.max(...runs) };
}

/** `12.3 (11.9–13.1)`; three significant digits are more than these measurements have. */
export function say({ median, min, max }: Figure): string {
  return `${short(median)} (${short(min)}–${short(max)})`;
}

export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return value >= 100 ? Math.round(value).toLocaleString('en-GB') : value.toPrecision(3);
}
