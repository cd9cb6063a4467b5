/** Czech: the seasons of the published timetable. */
import type en from "../en/seasons";
import type { Translation } from "../translation";

export default {
  "timetable.seasons": "Sezóny zveřejněného jízdního řádu",
  "timetable.noSeasons": "Žádný jízdní řád není zveřejněn",
  "timetable.route": "Linka",
  "timetable.days": "Dny provozu",
  "timetable.daily": "denně",
  "timetable.dayCount": { one: "{count} den", few: "{count} dny", many: "{count} dne", other: "{count} dní" },
  "timetable.tripCount": { one: "{count} spoj", few: "{count} spoje", many: "{count} spoje", other: "{count} spojů" },
  "timetable.noSeason": "Žádné dny provozu",
} satisfies Translation<typeof en>;
