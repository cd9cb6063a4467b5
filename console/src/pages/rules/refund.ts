/** The refund of a canceled ticket, calculated as in the API: for the example and for rules that are being edited. */
import type { Schemas } from "../../lib/api/client";
import type { Currency, Unit } from "./currency";

/** A line while it is edited; a number that has not been entered yet is `null`. */
export interface Line {
  hours: number | null;
  value: number | null;
  unit: Unit;
}

export interface Tier extends Line {
  hours: number;
  value: number;
}

/** A rule of the API as a line. */
export function lineOf({ hours, percent, amount, currency }: Schemas["CompanyRefundRule"]): Tier {
  return percent !== null
    ? { hours, value: percent, unit: "%" }
    : { hours, value: amount ?? 0, unit: (currency as Currency | null) ?? "UAH" };
}

/** A line in the form that the API takes. */
export function ruleOf({ hours, value, unit }: Tier): Schemas["NewRefundRule"] {
  return unit === "%" ? { hours, percent: value } : { hours, amount: value, currency: unit };
}

export const isWhole = (line: Line): line is Tier => line.hours !== null && line.value !== null;

/** Whether two lines have the same hours. */
export function hasTwice(lines: readonly Line[]): boolean {
  const hours = lines.map((line) => line.hours).filter((one) => one !== null);
  return new Set(hours).size < hours.length;
}

/**
 * The line that applies a number of hours before boarding: of those that require no more hours, the one that requires
 * most.
 */
export function applying(tiers: readonly Tier[], hours: number): Tier | undefined {
  return tiers.filter((tier) => tier.hours <= hours).sort((a, b) => b.hours - a.hours)[0];
}

/**
 * The refund of a price in a currency, with half a cent rounded up, and at most the price. `undefined` if it depends on
 * an exchange rate, which is not known before the day.
 */
export function refund(tier: Tier | undefined, price: number, currency: Currency): number | undefined {
  if (!tier) return 0;
  if (tier.unit === "%") return Math.round((Math.round(price * 100) * Math.round(tier.value * 100)) / 10_000) / 100;
  return tier.unit === currency ? Math.min(tier.value, price) : undefined;
}

/** The share of a price that is refunded, for the picture. An amount in another currency is drawn as half. */
export function share(tier: Tier | undefined, price: number, currency: Currency): number {
  const back = refund(tier, price, currency);
  if (back === undefined) return 0.5;
  return price > 0 ? Math.min(1, back / price) : 0;
}

/** The hours that the picture covers: those of the longest line, with some room before it. */
export function span(tiers: readonly Tier[]): number {
  const longest = Math.max(24, ...tiers.map(({ hours }) => hours));
  return Math.ceil((longest * 1.25) / 12) * 12;
}

/** The outline of the steps in a box of 100 by 40: boarding at the right, a full refund at the top. */
export function outline(tiers: readonly Tier[], hours: number, price: number, currency: Currency): string {
  const x = (at: number) => (100 - (100 * at) / hours).toFixed(2);
  const y = (tier: Tier | undefined) => (39 - 38 * share(tier, price, currency)).toFixed(2);
  const sorted = [...tiers].sort((a, b) => b.hours - a.hours);
  let path = `M0 40V${y(applying(sorted, hours))}`;
  for (const tier of sorted) {
    // The line applies until its own hours; from there on, the next one does.
    const after = sorted.find((other) => other.hours < tier.hours);
    path += `H${x(tier.hours)}V${y(after)}`;
  }
  return `${path}H100V40Z`;
}
