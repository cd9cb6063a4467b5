/** Russian: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "В продаже",
  "sale.Closed": "Продажа закрыта",
  "sale.Withdrawn": "Нет в расписании",
  "sale.Over": "Отправился",

  "departures.title": "Рейсы",
  "departures.none": "Рейсов нет",
  "departures.tooMany": "Показаны только первые 1000 рейсов. Выберите день или маршрут.",

  "departure.time": "Отправление",
  "departure.bus": "Автобус",
  "departure.sold": "Продано",
  "departure.soldOf": "{sold} из {seats}",
  "departure.open": "Не оплачено",
  "departure.processing": "К подтверждению",
  "departure.sale": "Продажа",
  "departures.route": "Маршрут",
} satisfies Translation<typeof en>;
