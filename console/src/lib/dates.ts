/** Days as `YYYY-MM-DD`, without a time zone. */

/** The day of an instant, in the time zone of this browser. */
export function dayOf(moment: Date): string {
  const part = (value: number) => String(value).padStart(2, "0");
  return `${moment.getFullYear()}-${part(moment.getMonth() + 1)}-${part(moment.getDate())}`;
}

/** The day of an instant in a time zone, by default that of this browser. */
export function dayIn(moment: Date, timeZone?: string): string {
  return timeZone ? new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(moment) : dayOf(moment);
}

/** The instant at which a day begins in a time zone, by default that of this browser. */
export function midnight(day: string, timeZone?: string): Date {
  if (!timeZone) return new Date(`${day}T00:00:00`);
  const utc = Date.parse(`${day}T00:00:00Z`);
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const offset = (moment: number) => Date.parse(`${format.format(moment).replace(" ", "T")}Z`) - moment;
  // The offset may change between the estimated instant and the right one.
  return new Date(utc - offset(utc - offset(utc)));
}

/** The Monday of the week of a day. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}

/** Whether a text, such as one from an address, is a date of the calendar. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) && addDays(text, 0) === text;
}

/** The day a number of days later. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The number of days from one day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The age of a position, counted from its instant. A user should look into `silent`. */
export type Freshness = "live" | "recent" | "silent";

export function freshness(recordedAt: string, now: number): Freshness {
  const minutes = (now - Date.parse(recordedAt)) / 60_000;
  if (minutes < 3) return "live";
  return minutes < 30 ? "recent" : "silent";
}

/** A duration in the largest unit that is precise enough, for `Intl.RelativeTimeFormat`; negative in the past. */
export function relative(moment: string, now: number): { value: number; unit: "second" | "minute" | "hour" | "day" } {
  const seconds = Math.round((Date.parse(moment) - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 60) return { value: seconds, unit: "second" };
  if (size < 3600) return { value: Math.trunc(seconds / 60), unit: "minute" };
  if (size < 86_400) return { value: Math.trunc(seconds / 3600), unit: "hour" };
  return { value: Math.trunc(seconds / 86_400), unit: "day" };
}
