/** Names of the kinds of rows that a report counts. */
import { t } from "../../lib/i18n/index.svelte";

const NAMES = {
  companies: "timetable.rows.companies",
  carriers: "timetable.rows.carriers",
  buses: "timetable.rows.buses",
  stops: "timetable.rows.stops",
  routes: "timetable.rows.routes",
  services: "timetable.rows.services",
  trips: "timetable.rows.trips",
  "stop times": "timetable.rows.stopTimes",
  fares: "timetable.rows.fares",
} as const;

/** The name of a kind; one that the console does not know keeps the API's name. */
export function nameOfRows(kind: string): string {
  return kind in NAMES ? t(NAMES[kind as keyof typeof NAMES]) : kind;
}
