/** Days as `YYYY-MM-DD`, without a time zone. */

/** The day of a moment, in the time zone of this browser. */
export function dayOf(moment: Date): string {
  const part = (value: number) => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${part(moment.getMonth() + 1)}-${part(moment.getDate())}`;
}

/** A day so many days later. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** 0 for a Monday, 6 for a Sunday: weeks begin on Monday in all countries that we serve. */
function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}

export interface Span {
  from: string;
  to: string;
}

export type Preset = "yesterday" | "lastWeek" | "thisWeek" | "thisMonth" | "lastMonth" | "nextWeek";

/** The days of a preset, seen from `today`; both ends included. */
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

function lastOfMonth(first: string): string {
  const date = new Date(`${first}T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1);
  date.setUTCDate(0);
  return date.toISOString().slice(0, 10);
}

/** How old a position is, from its moment. `silent` is what a person should look into. */
export type Freshness = "live" | "recent" | "silent";

export function freshness(recordedAt: string, now: number): Freshness {
  const minutes = (now - Date.parse(recordedAt)) / 60_000;
  if (minutes < 3) return "live";
  return minutes < 30 ? "recent" : "silent";
}

/** A duration in the largest unit that says enough, for `Intl.RelativeTimeFormat`; negative in the past. */
export function relative(moment: string, now: number): { value: number; unit: "second" | "minute" | "hour" | "day" } {
  const seconds = Math.round((Date.parse(moment) - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 60) return { value: seconds, unit: "second" };
  if (size < 3600) return { value: Math.trunc(seconds / 60), unit: "minute" };
  if (size < 86_400) return { value: Math.trunc(seconds / 3600), unit: "hour" };
  return { value: Math.trunc(seconds / 86_400), unit: "day" };
}
