/** Which departure a bus runs for. */
import type { Departure } from "../../lib/api/client";

/** A bus that departs within this number of hours is on its way to the first stop, or waits there. */
const SOON = 6;

/** The departure that each bus, by its id, runs for at an instant, else the one that it soon departs for. */
export function runsOf(departures: Departure[], now: number): Map<string, Departure> {
  const runs = new Map<string, Departure>();
  const nearest = departures
    .filter(({ from, to }) => Date.parse(from.at) - SOON * 3_600_000 <= now && now <= Date.parse(to.at))
    .sort((a, b) => Date.parse(a.from.at) - Date.parse(b.from.at));
  for (const departure of nearest) if (!runs.has(departure.bus.id)) runs.set(departure.bus.id, departure);
  return runs;
}
