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
