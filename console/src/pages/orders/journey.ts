/** The journey of an order, as its pages need it. */
import type { Order } from "../../lib/api/client";

type Slice = Order["slices"][number];
export type StopOfJourney = Slice["stops"][number];

export interface Journey {
  from: string;
  to: string;
  /** Labels of its seats; a dash without any. */
  seat: string;
  slices: Slice[];
}

export function journey(order: Order): Journey {
  const first = order.slices[0]?.stops[0];
  const last = order.slices.at(-1)?.stops.at(-1);
  const seats = order.slices.map(({ seat }) => seat?.label).filter((label) => label !== undefined);
  return {
    from: first?.city.name ?? "",
    to: last?.city.name ?? "",
    seat: seats.join(", ") || "–",
    slices: order.slices,
  };
}
