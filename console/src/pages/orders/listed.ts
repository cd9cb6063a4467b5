/** The routes by which orders can be filtered: the known ones, and those of the listed orders. */
import type { Order } from "../../lib/api/client";
import type { RouteChoice } from "../departures/week";

/** Sorted by name. */
export function withRoutesOf(orders: Order[], known: RouteChoice[], locale: string): RouteChoice[] {
  const listed = orders.flatMap(({ slices }) => slices.map(({ route }): [string, string] => [route.id, route.name]));
  const names = new Map([...listed, ...known.map(({ id, name }): [string, string] => [id, name])]);
  return [...names].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, locale));
}
