/** How the sale of a departure looks, and what a person can do about it. */
import type { Departure } from "../../lib/api/client";

type Status = Departure["saleStatus"];
type Tone = "good" | "wait" | "bad" | "off";

const TONES: Record<Status, Tone> = { OnSale: "good", Closed: "bad", Withdrawn: "wait", Over: "off" };

export const toneOfSale = (status: Status): Tone => TONES[status];

export type SaleAct = "close" | "reopen";

/** What the API would do now; nothing with a departure on which nobody can board any more. */
export function actOn({ saleStatus, closure }: Pick<Departure, "saleStatus" | "closure">): SaleAct | undefined {
  if (saleStatus === "Over") return undefined;
  // A departure that no timetable has may be closed beside that: reopened it stays off sale.
  if (closure) return "reopen";
  return saleStatus === "OnSale" ? "close" : undefined;
}

/** Hours around a departure in which its bus is on the way to its first stop, or comes from the last one. */
const AROUND = 2;

/** Whether its bus runs for this departure now, or is about to, or has just done. */
export function isUnderWay({ from, to }: Pick<Departure, "from" | "to">, now: number): boolean {
  const around = AROUND * 3_600_000;
  return Date.parse(from.at) - around <= now && now <= Date.parse(to.at) + around;
}
