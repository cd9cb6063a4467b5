/** Bars of a chart in a box of 100 by 40. */

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

const HEIGHT = 40;
/** Part of the room of a bar that stays free. */
const GAP = 0.25;

/** One bar for each value, the highest value at the top; what is not 0 is seen. */
export function bars(values: readonly number[]): Bar[] {
  const highest = Math.max(1, ...values);
  const step = 100 / Math.max(1, values.length);
  return values.map((value, i) => {
    const height = value > 0 ? Math.max(0.8, (HEIGHT * value) / highest) : 0;
    return { x: (i + GAP / 2) * step, y: HEIGHT - height, width: step * (1 - GAP), height };
  });
}

/** The bar at a part of the width, 0 to 1. */
export function barAt(part: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(part * count)));
}

/** Days that may be asked for, from the query of the page. */
export const PERIODS = [7, 30, 90] as const;

export function period(text: string | null): number {
  return PERIODS.find((days) => String(days) === text) ?? 30;
}

/** The first of a number of days that end today, in UTC. */
export function firstDay(days: number, now: number): string {
  return new Date(now - (days - 1) * 86_400_000).toISOString().slice(0, 10);
}
