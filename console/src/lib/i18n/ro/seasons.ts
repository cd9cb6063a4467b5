/** Romanian: the seasons of the published timetable. */
import type en from "../en/seasons";
import type { Translation } from "../translation";

export default {
  "timetable.seasons": "Sezoanele orarului publicat",
  "timetable.noSeasons": "Niciun orar nu este publicat",
  "timetable.route": "Rută",
  "timetable.days": "Zile de circulație",
  "timetable.daily": "zilnic",
  "timetable.dayCount": { one: "{count} zi", few: "{count} zile", other: "{count} de zile" },
  "timetable.tripCount": { one: "{count} cursă", few: "{count} curse", other: "{count} de curse" },
  "timetable.noSeason": "Fără zile de circulație",
} satisfies Translation<typeof en>;
