/** How percentages, amounts and days of sale of discounts are written. */
import type { Schemas } from "../../lib/api/client";
import { day, money, span, t } from "../../lib/i18n/index.svelte";
import { percent } from "../../lib/i18n/measures";

type Discount = Schemas["CompanyDiscount"];

/** The percentage or amount of a discount. */
export function reduction({ rule, amount, currency }: Discount): string {
  return `−${rule === "Percent" || !currency ? percent(amount) : money(amount, String(currency))}`;
}

/** The days of sale of a discount. */
export function days({ startDate, endDate }: Discount): string {
  if (startDate && endDate) return span(startDate, endDate);
  if (startDate) return t("discounts.since", { day: day(startDate) });
  return endDate ? t("discounts.till", { day: day(endDate) }) : t("discounts.always");
}
