/** Ukrainian: today. */
import type en from "../en/today";
import type { Translation } from "../translation";

export default {
  "today.title": "Сьогодні",
  "today.attention": "Потребує вашої уваги",
  "today.calm": "Зараз усе гаразд.",
  "today.failed": {
    one: "{count} повідомлення не доставлено",
    few: "{count} повідомлення не доставлено",
    many: "{count} повідомлень не доставлено",
    other: "{count} повідомлення не доставлено",
  },
  "today.waiting": {
    one: "{count} замовлення чекає на вас",
    few: "{count} замовлення чекають на вас",
    many: "{count} замовлень чекають на вас",
    other: "{count} замовлення чекає на вас",
  },
  "today.rejectedToday": {
    one: "На сьогодні відхилено {count} замовлення",
    few: "На сьогодні відхилено {count} замовлення",
    many: "На сьогодні відхилено {count} замовлень",
    other: "На сьогодні відхилено {count} замовлення",
  },
  "today.rejectedTomorrow": {
    one: "На завтра відхилено {count} замовлення",
    few: "На завтра відхилено {count} замовлення",
    many: "На завтра відхилено {count} замовлень",
    other: "На завтра відхилено {count} замовлення",
  },
  "today.silent": {
    one: "{count} автобус не повідомляє позиції",
    few: "{count} автобуси не повідомляють позиції",
    many: "{count} автобусів не повідомляють позиції",
    other: "{count} автобуса не повідомляє позиції",
  },
  "today.schedules": {
    one: "{count} регулярний звіт не вдався",
    few: "{count} регулярні звіти не вдалися",
    many: "{count} регулярних звітів не вдалися",
    other: "{count} регулярного звіту не вдалися",
  },
  "today.reports": "Звіти, що готуються",
  "today.soldOf": "Продано {sold} з {seats}",
  "today.noneToday": "Сьогодні рейсів немає",
  "today.noneTomorrow": "Завтра рейсів немає",

  "messages.title": "Недоставлені повідомлення",
  "messages.lead": "Пасажирам, які ще не виїхали. Виправте адресу й надішліть квиток ще раз або зателефонуйте.",
  "messages.departs": "Посадка {at}.",
  "messages.again": "Надіслано ще раз",
  "messages.none": "Усі повідомлення доставлено",
  "messages.noneText": "Ніхто не чекає на повідомлення.",
} satisfies Translation<typeof en>;
