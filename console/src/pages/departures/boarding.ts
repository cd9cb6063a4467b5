/** The payments that drivers collect, and the passengers who board. */
import type { DepartureManifest } from "../../lib/api/client";

type BoardingStop = DepartureManifest["stops"][number];
export type Rider = BoardingStop["passengers"][number];

/** The sums to collect on board for each currency, exact to the cent. */
export function toCollect(stops: BoardingStop[]): { currency: string; amount: number }[] {
  const sums = new Map<string, number>();
  for (const { payment } of stops.flatMap(({ passengers }) => passengers)) {
    // In hundredths, so that 0.1 and 0.2 stay exact.
    sums.set(payment.currency, (sums.get(payment.currency) ?? 0) + Math.round(payment.dueOnBoard * 100));
  }
  return [...sums].filter(([, cents]) => cents > 0).map(([currency, cents]) => ({ currency, amount: cents / 100 }));
}

export const riders = (stops: BoardingStop[]): number => stops.reduce((sum, { passengers }) => sum + passengers.length, 0);
