/** Ukrainian: the list of departures. */
import type en from "../en/week";
import type { Translation } from "../translation";

export default {
  "departures.count": { one: "{count} рейс", few: "{count} рейси", many: "{count} рейсів", other: "{count} рейсу" },
  "departures.earlier": "Попередній тиждень",
  "departures.later": "Наступний тиждень",
  "departures.days": "Дні тижня",
  "departures.week": "Увесь тиждень",
  "departures.goTo": "Перейти до дня",
  "departures.chosenRoute": "Вибраний маршрут",
  "departures.noneText": "У ці дні за вашим розкладом рейсів немає.",
  "departures.noneOfRoute": "У ці дні на цьому маршруті рейсів немає.",
} satisfies Translation<typeof en>;
