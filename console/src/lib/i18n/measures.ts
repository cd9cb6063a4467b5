/** Quantities with their units, as the user's language writes them. */
import { locale } from "./index.svelte";

function measure(value: number, unit: string, unitDisplay: "short" | "long" = "short"): string {
  return new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay, maximumFractionDigits: 1 }).format(value);
}

export function bytes(size: number): string {
  return size < 1e6 ? measure(size / 1e3, "kilobyte") : measure(size / 1e6, "megabyte");
}

/** Minutes as hours and minutes. */
export function duration(minutes: number): string {
  const parts = [measure(Math.trunc(minutes / 60), "hour"), measure(minutes % 60, "minute")];
  return parts.slice(minutes < 60 ? 1 : 0).join(" ");
}

/** A number of hours with its unit. */
export function hours(value: number): string {
  return measure(value, "hour", "long");
}

/** A percentage, 0 to 100. */
export function percent(value: number, digits = 2): string {
  const format = new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: digits });
  return format.format(value / 100);
}
