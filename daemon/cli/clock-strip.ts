// Owns the offset strip: where each server says the system clock is, on one line to scale.

/** Half its width, in columns. */
const HALF = 12;
/** From this on a server is at the edge: the strip is logarithmic, from a millisecond to a day. */
const NEAREST = 0.001;
const FARTHEST = 86_400;

/**
 * A line with the right time in its middle and a mark where the system clock is, seen from there: left is slow, right
 * is fast. @param seconds what the clock is wrong by; `null` draws nothing
 */
export function strip(seconds: number | null): string {
  if (seconds === null) return '';
  const cells: string[] = Array.from({ length: 2 * HALF + 1 }, (_, i) => (i === HALF ? '|' : '-'));
  cells[HALF + placeOf(seconds)] = 'o';
  return cells.join('');
}

function placeOf(seconds: number): number {
  const size = Math.abs(seconds);
  if (size < NEAREST) return 0;
  const share = Math.log(size / NEAREST) / Math.log(FARTHEST / NEAREST);
  return Math.sign(seconds) * Math.min(HALF, Math.max(1, Math.round(share * HALF)));
}

/** `0.012 s fast`, `3 h 2 min slow`. */
export function inWords(seconds: number): string {
  const size = Math.abs(seconds);
  const way = seconds < 0 ? 'slow' : 'fast';
  if (size < 0.0005) return 'exact';
  if (size < 60) return `${size.toFixed(3)} s ${way}`;
  const [whole, unit, rest, small] =
    size < 3_600
      ? [Math.floor(size / 60), 'min', Math.floor(size % 60), 's']
      : size < 172_800
        ? [Math.floor(size / 3_600), 'h', Math.floor((size % 3_600) / 60), 'min']
        : [Math.floor(size / 86_400), 'days', Math.floor((size % 86_400) / 3_600), 'h'];
  return `${whole} ${unit} ${rest} ${small} ${way}`;
}

/** `3 h 2 min back`: what a clock was moved by. */
export function moved(seconds: number): string {
  return inWords(seconds).replace(/slow$/, 'back').replace(/fast$/, 'ahead');
}
