/** How rules are written: percent, hours, days of sale. */
import type { Schemas } from "../../lib/api/client";
import { day, language, money, span, t } from "../../lib/i18n/index.svelte";

/** A percentage, 0 to 100. */
export function percent(value: number): string {
  const format = new Intl.NumberFormat(language(), { style: "percent", maximumFractionDigits: 2 });
  return format.format(value / 100);
}

/** A number of hours, with the unit. */
export function hours(value: number): string {
  return new Intl.NumberFormat(language(), { style: "unit", unit: "hour", unitDisplay: "long" }).format(value);
}

type Discount = Schemas["CompanyDiscount"];

/** What a discount takes off. */
export function reduction({ rule, amount, currency }: Discount): string {
  return `−${rule === "Percent" || !currency ? percent(amount) : money(amount, String(currency))}`;
}

/** The days of sale of a discount. */
export function days({ startDate, endDate }: Discount): string {
  if (startDate && endDate) return span(startDate, endDate);
  if (startDate) return t("discounts.since", { day: day(startDate) });
  return endDate ? t("discounts.till", { day: day(endDate) }) : t("discounts.always");
}
