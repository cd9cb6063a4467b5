/** The passengers on the seats, on a segment of a departure. */
import type { DepartureWithSeats } from "../../lib/api/client";

type PlannedSeat = DepartureWithSeats["seats"][number];
type Taken = PlannedSeat["taken"][number];
type Stop = DepartureWithSeats["stops"][number];

/** `elsewhere`: free here, but sold on another segment. */
export type SeatState = "free" | "elsewhere" | "paid" | "board" | "open";

/** A segment from one stop to the next. */
export interface Segment {
  from: Stop;
  to: Stop;
}

export function segments(stops: Stop[]): Segment[] {
  return stops.slice(1).map((to, i) => ({ from: stops[i]!, to }));
}

/** The segment that begins at the position in the address, else the fullest one, or the first of several. */
export function chosenSegment(all: Segment[], position: string): Segment | undefined {
  const named = all.find(({ from }) => String(from.position) === position);
  return named ?? all.reduce((most, one) => (one.from.onBoard > most.from.onBoard ? one : most), all[0]!);
}

/** The passenger who has the seat on a segment. */
export function sitting({ taken }: PlannedSeat, { from, to }: Segment): Taken | undefined {
  return taken.find((one) => one.from < to.position && one.to > from.position);
}

export function stateOf(seat: PlannedSeat, segment: Segment): SeatState {
  const one = sitting(seat, segment);
  if (!one) return seat.taken.length > 0 ? "elsewhere" : "free";
  return paymentState(one.paymentStatus);
}

export function paymentState(status: Taken["paymentStatus"]): "paid" | "board" | "open" {
  if (status === "Paid") return "paid";
  return status === "Unpaid" ? "open" : "board";
}
