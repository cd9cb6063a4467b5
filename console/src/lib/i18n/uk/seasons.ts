/** Ukrainian: the seasons of the published timetable. */
import type en from "../en/seasons";
import type { Translation } from "../translation";

export default {
  "timetable.seasons": "Сезони опублікованого розкладу",
  "timetable.noSeasons": "Опублікованого розкладу немає",
  "timetable.route": "Маршрут",
  "timetable.days": "Дні руху",
  "timetable.daily": "щодня",
  "timetable.dayCount": { one: "{count} день", few: "{count} дні", many: "{count} днів", other: "{count} дня" },
  "timetable.tripCount": { one: "{count} рейс", few: "{count} рейси", many: "{count} рейсів", other: "{count} рейсу" },
  "timetable.noSeason": "Днів руху немає",
} satisfies Translation<typeof en>;
