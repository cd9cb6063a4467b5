/** A line of numbers in a box of 100 by 24. */

/** Numbers that a line of what a page has seen has at most. */
export const MOST = 60;

/** The points of a line of `values` for `<polyline>`, with room for `most`; the highest touches the top, and 0 the bottom. */
export function points(values: readonly number[], most = MOST): string {
  const highest = Math.max(1, ...values);
  const step = 100 / (most - 1);
  const from = most - values.length;
  return values
    .map((value, i) => `${((from + i) * step).toFixed(1)},${(23 - (22 * value) / highest).toFixed(1)}`)
    .join(" ");
}
