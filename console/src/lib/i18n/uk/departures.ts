/** Ukrainian: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "У продажу",
  "sale.Closed": "Продаж закрито",
  "sale.Withdrawn": "Немає в розкладі",
  "sale.Over": "Вирушив",

  "departures.title": "Рейси",
  "departures.none": "Рейсів немає",
  "departures.tooMany": "Показано лише перші 1000 рейсів. Виберіть день або маршрут.",

  "departure.time": "Відправлення",
  "departure.bus": "Автобус",
  "departure.sold": "Продано",
  "departure.soldOf": "{sold} з {seats}",
  "departure.open": "Не оплачено",
  "departure.processing": "До підтвердження",
  "departure.sale": "Продаж",
  "departures.route": "Маршрут",
} satisfies Translation<typeof en>;
