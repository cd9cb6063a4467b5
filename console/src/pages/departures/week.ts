/** The days that the list of departures shows, from its address; and its departures by day. */
import type { Departure } from "../../lib/api/client";
import { addDays, isDay, mondayOf } from "../../lib/dates";

export interface Shown {
  from: string;
  to: string;
  /** The chosen day; empty if the whole week is shown. */
  day: string;
}

/** `day=2026-06-10` shows a day, `week=2026-06-10` the week that contains it; without either, this week is shown. */
export function shownDays(query: URLSearchParams, today: string): Shown {
  const day = query.get("day") ?? "";
  if (isDay(day)) return { from: day, to: day, day };
  const week = query.get("week") ?? "";
  const from = mondayOf(isDay(week) ? week : today);
  return { from, to: addDays(from, 6), day: "" };
}

/** The seven days of the week that begins on a day. */
export function weekOf(day: string): string[] {
  const monday = mondayOf(day);
  return Array.from({ length: 7 }, (_, i) => addDays(monday, i));
}

/** Departures by service day, in order of days. */
export function byDay(departures: Departure[]): [string, Departure[]][] {
  const days = new Map<string, Departure[]>();
  for (const departure of departures) days.set(departure.date, [...(days.get(departure.date) ?? []), departure]);
  return [...days].sort(([a], [b]) => (a < b ? -1 : 1));
}

export interface RouteChoice {
  id: string;
  name: string;
}

/** The routes of departures, sorted by name. */
export function routesOf(departures: Departure[], locale: string): RouteChoice[] {
  const names = new Map(departures.map(({ routeId, routeName }) => [routeId, routeName]));
  return [...names].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name, locale));
}

/**
 * The departures that leave on a calendar day, in order of time: a bus that leaves after midnight may belong to the
 * service day before.
 */
export function leavingOn(departures: Departure[], date: string): Departure[] {
  const leaving = departures.filter(({ from }) => from.at.slice(0, 10) === date);
  return leaving.sort((a, b) => Date.parse(a.from.at) - Date.parse(b.from.at));
}

/** The sold seats on departures, and all of their seats. */
export function totals(departures: Departure[]): { sold: number; seats: number } {
  return departures.reduce(
    ({ sold, seats }, { tickets, bus }) => ({ sold: sold + tickets.sold, seats: seats + bus.seats }),
    { sold: 0, seats: 0 },
  );
}
