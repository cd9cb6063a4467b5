/** Russian: the seasons of the published timetable. */
import type en from "../en/seasons";
import type { Translation } from "../translation";

export default {
  "timetable.seasons": "Сезоны опубликованного расписания",
  "timetable.noSeasons": "Опубликованного расписания нет",
  "timetable.route": "Маршрут",
  "timetable.days": "Дни движения",
  "timetable.daily": "ежедневно",
  "timetable.dayCount": { one: "{count} день", few: "{count} дня", many: "{count} дней", other: "{count} дня" },
  "timetable.tripCount": { one: "{count} рейс", few: "{count} рейса", many: "{count} рейсов", other: "{count} рейса" },
  "timetable.noSeason": "Дней движения нет",
} satisfies Translation<typeof en>;
