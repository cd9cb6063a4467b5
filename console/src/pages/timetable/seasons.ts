/** The calendar of seasons: the days that it shows, and the places of seasons in it. */
import type { Schemas } from "../../lib/api/client";
import { addDays, daysBetween } from "../../lib/dates";

type Season = Pick<Schemas["ServiceSeason"], "firstDay" | "lastDay">;

export interface Calendar {
  first: string;
  /** The day after the last one. */
  end: string;
}

/** The most months that it shows. */
const LONGEST = 24;

const monthOf = (day: string) => `${day.slice(0, 7)}-01`;

function addMonths(month: string, months: number): string {
  const date = new Date(`${month}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 10);
}

/** Whole months around all seasons, at the earliest from the month before the present one if any season ends later. */
export function calendarOf(seasons: readonly Season[], today: string): Calendar {
  const firstDays = seasons.map(({ firstDay }) => firstDay).sort();
  const lastDays = seasons.map(({ lastDay }) => lastDay).sort();
  const earliest = monthOf(firstDays[0] ?? today);
  const latest = monthOf(lastDays.at(-1) ?? today);
  const lately = addMonths(monthOf(today), -1);
  const first = latest >= lately && earliest < lately ? lately : earliest;
  const [end, most] = [addMonths(latest, 1), addMonths(first, LONGEST)];
  return { first, end: end < most ? end : most };
}

/** Where a day begins in the calendar, from 0 to 100. */
export function placeOf(day: string, { first, end }: Calendar): number {
  return Math.min(100, Math.max(0, (daysBetween(first, day) / daysBetween(first, end)) * 100));
}

/** The bar of a season; undefined if it is outside the calendar. */
export function barOf({ firstDay, lastDay }: Season, calendar: Calendar): { x: number; width: number } | undefined {
  const [x, end] = [placeOf(firstDay, calendar), placeOf(addDays(lastDay, 1), calendar)];
  // Even a season of a day or two must be visible.
  return end > x ? { x: Math.min(x, 99.4), width: Math.max(0.6, end - x) } : undefined;
}

/** The months of the calendar, and whether there is room for the name of each. */
export function monthsOf(calendar: Calendar): { month: string; x: number; isNamed: boolean }[] {
  const months: string[] = [];
  for (let month = calendar.first; month < calendar.end; month = addMonths(month, 1)) months.push(month);
  const each = Math.ceil(months.length / 6);
  return months.map((month, i) => ({ month, x: placeOf(month, calendar), isNamed: i % each === 0 }));
}

/** Groups weekdays (1 is Monday) that follow each other as first and last; groups of two are split. */
export function runsOf(weekdays: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const weekday of [...weekdays].sort()) {
    const last = runs.at(-1);
    if (last && last[1] === weekday - 1) last[1] = weekday;
    else runs.push([weekday, weekday]);
  }
  return runs.flatMap(([from, to]): [number, number][] => (to - from === 1 ? [[from, from], [to, to]] : [[from, to]]));
}
