/** Russian: the dialogs of discounts. */
import type en from "../en/discount";
import type { Translation } from "../translation";

export default {
  "discounts.name": "Название",
  "discounts.nameHint": "Партнёры показывают его пассажирам.",
  "discounts.amount": "Скидка",
  "discounts.from": "Первый день продажи",
  "discounts.to": "Последний день продажи",
  "discounts.openHint": "Пусто: без ограничения.",
  "discounts.reversed": "Последний день раньше первого.",
  "discounts.daysTitle": "Дни скидки «{name}»",
  "discounts.withdrawTitle": "Отозвать «{name}»?",
  "discounts.withdrawText": "Никто больше не сможет ею воспользоваться. Проданные билеты сохранят цену, и скидка на них останется видна. Отменить это нельзя.",
  "discounts.created": "Скидка «{name}» создана.",
  "discounts.changed": "Дни скидки «{name}» изменены.",
  "discounts.withdrawn": "Скидка «{name}» отозвана.",
  "discounts.taken": "Другая скидка уже носит это название.",
} satisfies Translation<typeof en>;
