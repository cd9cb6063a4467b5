/** The journey of an order, in the form that pages need. */
import type { Order } from "../../lib/api/client";
import { addDays, midnight } from "../../lib/dates";

type Slice = Order["slices"][number];
export type StopOfJourney = Slice["stops"][number];

export interface Journey {
  from: string;
  to: string;
  /** The labels of its seats; a dash if there are none. */
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

/** The local time of the bus at a stop, as the timetable writes it, and its day. */
export interface TimedStop {
  stop: StopOfJourney;
  time: string;
  day: string;
}

/**
 * The stops with their days: the API gives days for boarding and alighting only, and each city has its own time zone.
 */
export function timed({ departureDate, stops }: Slice): TimedStop[] {
  let day = departureDate.slice(0, 10);
  let before = -Infinity;
  return stops.map((stop) => {
    const time = stop.departureTime ?? stop.arrivalTime ?? "";
    const [hours = 0, minutes = 0] = time.split(":").map(Number);
    const moment = () => midnight(day, stop.city.timeZone).getTime() + (hours * 60 + minutes) * 60_000;
    if (moment() < before) day = addDays(day, 1);
    before = moment();
    return { stop, time, day };
  });
}
