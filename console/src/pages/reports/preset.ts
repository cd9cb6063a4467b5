/** Ranges of days for which reports are often made. */
import { addDays } from "../../lib/dates";

/** 0 for Monday to 6 for Sunday: weeks begin on Monday in all countries that we serve. */
function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export interface Span {
  from: string;
  to: string;
}

export type Preset = "yesterday" | "lastWeek" | "thisWeek" | "thisMonth" | "lastMonth" | "nextWeek";

/** The days of a preset, relative to `today`; both ends included. */
export function spanOf(preset: Preset, today: string): Span {
  const monday = addDays(today, -weekday(today));
  const first = `${today.slice(0, 8)}01`;
  switch (preset) {
    case "yesterday":
      return { from: addDays(today, -1), to: addDays(today, -1) };
    case "thisWeek":
      return { from: monday, to: addDays(monday, 6) };
    case "lastWeek":
      return { from: addDays(monday, -7), to: addDays(monday, -1) };
    case "nextWeek":
      return { from: today, to: addDays(today, 6) };
    case "thisMonth":
      return { from: first, to: lastOfMonth(first) };
    case "lastMonth": {
      const last = addDays(first, -1);
      return { from: `${last.slice(0, 8)}01`, to: last };
    }
  }
}

/** The last day of the month that begins on `first`. */
function lastOfMonth(first: string): string {
  const date = new Date(`${first}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  date.setUTCDate(0);
  return date.toISOString().slice(0, 10);
}
