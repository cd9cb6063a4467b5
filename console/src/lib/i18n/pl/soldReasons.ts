/** Polish: what a timetable changes for sold tickets. */
import type en from "../en/soldReasons";
import type { Translation } from "../translation";

export default {
  "reason.SOLD_DEPARTURE": "kurs „{trip}”, {day}, sprzedanych biletów: {tickets}",
  "reason.STOPS_NOT_SERVED": "kurs nie obsługuje już w tej kolejności przystanków, na które sprzedano bilety",
  "reason.DAY_NOT_SERVED": "kurs nie jeździ już tego dnia",
  "reason.TRIP_GONE": "kurs zniknął z rozkładu",
  "reason.MAY_BE_SOONER": "to może być kurs „{trip}”, {day}, który odjeżdża {minutes} min wcześniej",
  "reason.MAY_BE_SAME": "to może być kurs „{trip}”, {day}, który odjeżdża o tej samej porze",
  "reason.MAY_BE_LATER": "to może być kurs „{trip}”, {day}, który odjeżdża {minutes} min później",
  "reason.SEAT_MISSING": "kurs „{trip}”, {day}: sprzedano miejsce {seat}, a autobus ma miejsc {seats}",
} satisfies Translation<typeof en>;
