/** The routes of the company. The API has no list of them, so they are taken from its departures. */
import { addDays } from "../../lib/dates";
import { language } from "../../lib/i18n/index.svelte";
import { readDays } from "../departures/read";
import { type RouteChoice, routesOf } from "../departures/week";

/** The routes with departures from the day before a day, for buses that leave after midnight, to six days after it. */
export async function routesFrom(day: string): Promise<RouteChoice[]> {
  const { departures } = await readDays(addDays(day, -1), addDays(day, 6));
  return routesOf(departures, language());
}
