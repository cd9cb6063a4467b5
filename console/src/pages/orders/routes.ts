/** The routes of the company. The API has no list of them, so they are taken from its departures. */
import { addDays } from "../../lib/dates";
import { language } from "../../lib/i18n/index.svelte";
import { type Found, readEach } from "../departures/read";
import { type RouteChoice, routesOf } from "../departures/week";

/** Number of service days that are read. */
const DAYS = 8;

/**
 * The routes with departures from the day before a day, for buses that leave after midnight, to six days after it. Each day
 * is read by itself: of a company with many departures, one list of all days would end before the last ones.
 */
export async function routesFrom(day: string, read?: (date: string) => Promise<Found>): Promise<RouteChoice[]> {
  const dates = Array.from({ length: DAYS }, (_, i) => addDays(day, i - 1));
  const { departures } = await readEach(dates, read);
  return routesOf(departures, language());
}
