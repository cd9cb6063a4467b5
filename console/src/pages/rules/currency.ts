/** Currencies of the amounts in rules and discounts. */
import type { Schemas } from "../../lib/api/client";

export type Currency = Schemas["Currency"];
export const CURRENCIES = ["UAH", "PLN", "CZK", "EUR", "USD"] as const satisfies readonly Currency[];

/** Percent, or the currency of an amount. */
export type Unit = "%" | Currency;
