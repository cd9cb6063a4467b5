/** A line of numbers in a box of 100 by 24. */

/** Numbers that a line has at most. */
export const MOST = 60;

/** The points of the line, for `<polyline>`; the highest number touches the top, and 0 the bottom. */
export function points(values: readonly number[]): string {
  const highest = Math.max(1, ...values);
  const step = 100 / (MOST - 1);
  const from = MOST - values.length;
  return values
    .map((value, i) => `${((from + i) * step).toFixed(1)},${(23 - (22 * value) / highest).toFixed(1)}`)
    .join(" ");
}
