/** Romanian: what a timetable changes for sold tickets. */
import type en from "../en/soldReasons";
import type { Translation } from "../translation";

export default {
  "reason.SOLD_DEPARTURE": "cursa „{trip}”, {day}, bilete vândute: {tickets}",
  "reason.STOPS_NOT_SERVED": "cursa nu mai deservește în această ordine stațiile pentru care s-au vândut bilete",
  "reason.DAY_NOT_SERVED": "cursa nu mai circulă în această zi",
  "reason.TRIP_GONE": "cursa a dispărut din orar",
  "reason.MAY_BE_SOONER": "poate fi cursa „{trip}”, {day}, care pleacă cu {minutes} min mai devreme",
  "reason.MAY_BE_SAME": "poate fi cursa „{trip}”, {day}, care pleacă la aceeași oră",
  "reason.MAY_BE_LATER": "poate fi cursa „{trip}”, {day}, care pleacă cu {minutes} min mai târziu",
  "reason.SEAT_MISSING": "cursa „{trip}”, {day}: este vândut locul {seat}, autobuzul are locuri: {seats}",
} satisfies Translation<typeof en>;
