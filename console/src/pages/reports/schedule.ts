/** Scheduled reports: the page's words for their parts, and for when they are made. */
import type { Schemas } from "../../lib/api/client";
import { language, t } from "../../lib/i18n/index.svelte";
import { type Dialect, DIALECTS, written } from "./dialect";
import type { Preset } from "./preset";

export type ReportSchedule = Schemas["ReportSchedule"];
export type Weekday = Schemas["Weekday"];
type Period = Schemas["ReportPeriod"];

export const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const satisfies readonly Weekday[];

export const PERIODS = [
  "yesterday",
  "lastWeek",
  "thisWeek",
  "next7Days",
  "thisMonth",
  "lastMonth",
] as const satisfies readonly Period[];

/** The preset that covers the same days. */
export function presetOf(period: Period): Preset {
  return period === "next7Days" ? "nextWeek" : period;
}

/** Shown as the last day of a month, since months differ. */
const LAST_DAY = 31;

/** The days of the month to choose from. */
export const DAYS = Array.from({ length: LAST_DAY }, (_, index) => index + 1);

/** The name of a day of the week. */
export function nameOf(weekday: Weekday, style: "long" | "short"): string {
  const format = new Intl.DateTimeFormat(language(), { weekday: style, timeZone: "UTC" });
  // 1 January 2024 was a Monday.
  return format.format(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(weekday)));
}

/** When the report is made, in words. */
export function rhythm({ weekdays, dayOfMonth, time }: Pick<ReportSchedule, "weekdays" | "dayOfMonth" | "time">): string {
  if (dayOfMonth === LAST_DAY) return t("schedules.lastDay", { time });
  if (dayOfMonth) return t("schedules.monthly", { day: String(dayOfMonth), time });
  const days = weekdays ?? [];
  if (days.length === WEEKDAYS.length) return t("schedules.daily", { time });
  const names = days.map((day) => nameOf(day, days.length > 2 ? "short" : "long"));
  return t("schedules.weekly", { days: new Intl.ListFormat(language()).format(names), time });
}

/** The dialect that writes the cells in the same way. */
export function dialectOf({ delimiter, decimal }: Pick<ReportSchedule, "delimiter" | "decimal">): Dialect {
  const same = DIALECTS.find((one) => written(one).delimiter === delimiter && written(one).decimal === decimal);
  return same ?? DIALECTS.find((one) => written(one).delimiter === delimiter) ?? "comma";
}

/** Splits addresses as people type them: one a line, or separated by commas or blanks. */
export function addresses(typed: string): string[] {
  return typed.split(/[\s,;]+/).filter((address) => address !== "");
}
