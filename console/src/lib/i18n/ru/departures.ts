/** Russian: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "В продаже",
  "sale.Closed": "Продажа закрыта",
  "sale.Withdrawn": "Нет в расписании",
  "sale.Over": "Отправился",

  "departures.title": "Рейсы",
  "departures.count": { one: "{count} рейс", few: "{count} рейса", many: "{count} рейсов", other: "{count} рейса" },
  "departures.earlier": "Предыдущая неделя",
  "departures.later": "Следующая неделя",
  "departures.days": "Дни недели",
  "departures.week": "Вся неделя",
  "departures.goTo": "Перейти к дню",
  "departures.route": "Маршрут",
  "departures.chosenRoute": "Выбранный маршрут",
  "departures.none": "Рейсов нет",
  "departures.noneText": "В эти дни по вашему расписанию рейсов нет.",
  "departures.noneOfRoute": "В эти дни на этом маршруте рейсов нет.",
  "departures.tooMany": "Показаны только первые 1000 рейсов. Выберите день или маршрут.",

  "departure.time": "Отправление",
  "departure.bus": "Автобус",
  "departure.sold": "Продано",
  "departure.soldOf": "{sold} из {seats}",
  "departure.open": "Не оплачено",
  "departure.processing": "К подтверждению",
  "departure.sale": "Продажа",
} satisfies Translation<typeof en>;
