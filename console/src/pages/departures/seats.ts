/** Who sits where on a stretch of a departure. */
import type { DepartureWithSeats } from "../../lib/api/client";

type PlannedSeat = DepartureWithSeats["seats"][number];
type Taken = PlannedSeat["taken"][number];
type Stop = DepartureWithSeats["stops"][number];

/** `elsewhere`: free here, and sold on another stretch. */
export type SeatState = "free" | "elsewhere" | "paid" | "board" | "open";

/** A stretch from one stop to the next one, by their positions. */
export interface Stretch {
  from: Stop;
  to: Stop;
}

export function stretches(stops: Stop[]): Stretch[] {
  return stops.slice(1).map((to, i) => ({ from: stops[i]!, to }));
}

/** The stretch that begins at a position of the address; else the fullest one, the first of several. */
export function chosenStretch(all: Stretch[], position: string): Stretch | undefined {
  const named = all.find(({ from }) => String(from.position) === position);
  return named ?? all.reduce((most, one) => (one.from.onBoard > most.from.onBoard ? one : most), all[0]!);
}

/** Who has the seat on a stretch. */
export function sitting({ taken }: PlannedSeat, { from, to }: Stretch): Taken | undefined {
  return taken.find((one) => one.from < to.position && one.to > from.position);
}

export function stateOf(seat: PlannedSeat, stretch: Stretch): SeatState {
  const one = sitting(seat, stretch);
  if (!one) return seat.taken.length > 0 ? "elsewhere" : "free";
  return paymentState(one.paymentStatus);
}

export function paymentState(status: Taken["paymentStatus"]): "paid" | "board" | "open" {
  if (status === "Paid") return "paid";
  return status === "Unpaid" ? "open" : "board";
}
