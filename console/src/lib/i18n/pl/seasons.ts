/** Polish: the seasons of the published timetable. */
import type en from "../en/seasons";
import type { Translation } from "../translation";

export default {
  "timetable.seasons": "Sezony opublikowanego rozkładu",
  "timetable.noSeasons": "Nie opublikowano rozkładu",
  "timetable.route": "Trasa",
  "timetable.days": "Dni kursowania",
  "timetable.daily": "codziennie",
  "timetable.dayCount": { one: "{count} dzień", few: "{count} dni", many: "{count} dni", other: "{count} dnia" },
  "timetable.tripCount": { one: "{count} kurs", few: "{count} kursy", many: "{count} kursów", other: "{count} kursu" },
  "timetable.noSeason": "Brak dni kursowania",
} satisfies Translation<typeof en>;
