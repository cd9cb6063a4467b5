/** Ukrainian: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "У продажу",
  "sale.Closed": "Продаж закрито",
  "sale.Withdrawn": "Немає в розкладі",
  "sale.Over": "Вирушив",

  "departures.title": "Рейси",
  "departures.count": { one: "{count} рейс", few: "{count} рейси", many: "{count} рейсів", other: "{count} рейсу" },
  "departures.earlier": "Попередній тиждень",
  "departures.later": "Наступний тиждень",
  "departures.days": "Дні тижня",
  "departures.week": "Увесь тиждень",
  "departures.goTo": "Перейти до дня",
  "departures.route": "Маршрут",
  "departures.chosenRoute": "Вибраний маршрут",
  "departures.none": "Рейсів немає",
  "departures.noneText": "У ці дні за вашим розкладом рейсів немає.",
  "departures.noneOfRoute": "У ці дні на цьому маршруті рейсів немає.",
  "departures.tooMany": "Показано лише перші 1000 рейсів. Виберіть день або маршрут.",

  "departure.time": "Відправлення",
  "departure.bus": "Автобус",
  "departure.sold": "Продано",
  "departure.soldOf": "{sold} з {seats}",
  "departure.open": "Не оплачено",
  "departure.processing": "До підтвердження",
  "departure.sale": "Продаж",
} satisfies Translation<typeof en>;
