/** Bars of a chart in a box of 100 by 40. */

export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
}

const HEIGHT = 40;
/** The part of a bar's width that stays free. */
const GAP = 0.25;

/** One bar for each value, the highest value at the top; any value above 0 is visible. */
export function bars(values: readonly number[]): Bar[] {
  const highest = Math.max(1, ...values);
  const step = 100 / Math.max(1, values.length);
  return values.map((value, i) => {
    const height = value > 0 ? Math.max(0.8, (HEIGHT * value) / highest) : 0;
    return { x: (i + GAP / 2) * step, y: HEIGHT - height, width: step * (1 - GAP), height };
  });
}

/** The index of the bar at a part of the width, from 0 to 1. */
export function barAt(part: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(part * count)));
}

/** The periods, in days, that the query of the page may ask for. */
export const PERIODS = [7, 30, 90] as const;

export function period(text: string | null): number {
  return PERIODS.find((days) => String(days) === text) ?? 30;
}

/** The first day of a period that ends today, in UTC. */
export function firstDay(days: number, now: number): string {
  return new Date(now - (days - 1) * 86_400_000).toISOString().slice(0, 10);
}
