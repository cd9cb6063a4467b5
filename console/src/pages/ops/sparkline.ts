/** A line of numbers in a box of 100 by 24. */

/** The most numbers in a line. */
export const MOST = 60;

/**
 * The points of a line for `<polyline>`, with room for `most` values; the highest touches the top, and 0 the bottom.
 */
export function points(values: readonly number[], most = MOST): string {
  const highest = Math.max(1, ...values);
  const step = 100 / (most - 1);
  const from = most - values.length;
  return values
    .map((value, i) => `${((from + i) * step).toFixed(1)},${(23 - (22 * value) / highest).toFixed(1)}`)
    .join(" ");
}
