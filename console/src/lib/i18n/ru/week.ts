/** Russian: the list of departures. */
import type en from "../en/week";
import type { Translation } from "../translation";

export default {
  "departures.count": { one: "{count} рейс", few: "{count} рейса", many: "{count} рейсов", other: "{count} рейса" },
  "departures.earlier": "Предыдущая неделя",
  "departures.later": "Следующая неделя",
  "departures.days": "Дни недели",
  "departures.week": "Вся неделя",
  "departures.goTo": "Перейти к дню",
  "departures.chosenRoute": "Выбранный маршрут",
  "departures.noneText": "В эти дни по вашему расписанию рейсов нет.",
  "departures.noneOfRoute": "В эти дни на этом маршруте рейсов нет.",
} satisfies Translation<typeof en>;
