/** The sale of a departure: how its status looks, and what a user can do about it. */
import type { Departure } from "../../lib/api/client";

type Status = Departure["saleStatus"];
type Tone = "good" | "wait" | "bad" | "off";

const TONES: Record<Status, Tone> = { OnSale: "good", Closed: "bad", Withdrawn: "wait", Over: "off" };

export const toneOfSale = (status: Status): Tone => TONES[status];

export type SaleAct = "close" | "reopen";

/** The action that is possible now; none once boarding is no longer possible. */
export function actOn({ saleStatus, closure }: Pick<Departure, "saleStatus" | "closure">): SaleAct | undefined {
  if (saleStatus === "Over") return undefined;
  // A departure that is in no timetable may also be closed; reopened, it stays off sale.
  if (closure) return "reopen";
  return saleStatus === "OnSale" ? "close" : undefined;
}

/** Hours before and after a departure in which its bus is on the way to the first stop, or from the last one. */
const AROUND = 2;

/** Whether the bus runs for this departure now, soon will, or just did. */
export function isUnderWay({ from, to }: Pick<Departure, "from" | "to">, now: number): boolean {
  const around = AROUND * 3_600_000;
  return Date.parse(from.at) - around <= now && now <= Date.parse(to.at) + around;
}
