/** Russian: today. */
import type en from "../en/today";
import type { Translation } from "../translation";

export default {
  "today.title": "Сегодня",
  "today.attention": "Требует вашего внимания",
  "today.calm": "Сейчас всё в порядке.",
  "today.failed": {
    one: "{count} сообщение не доставлено",
    few: "{count} сообщения не доставлены",
    many: "{count} сообщений не доставлено",
    other: "{count} сообщения не доставлено",
  },
  "today.waiting": {
    one: "{count} заказ ждёт вас",
    few: "{count} заказа ждут вас",
    many: "{count} заказов ждут вас",
    other: "{count} заказа ждёт вас",
  },
  "today.rejectedToday": {
    one: "На сегодня отклонён {count} заказ",
    few: "На сегодня отклонено {count} заказа",
    many: "На сегодня отклонено {count} заказов",
    other: "На сегодня отклонено {count} заказа",
  },
  "today.rejectedTomorrow": {
    one: "На завтра отклонён {count} заказ",
    few: "На завтра отклонено {count} заказа",
    many: "На завтра отклонено {count} заказов",
    other: "На завтра отклонено {count} заказа",
  },
  "today.silent": {
    one: "{count} автобус молчит",
    few: "{count} автобуса молчат",
    many: "{count} автобусов молчат",
    other: "{count} автобуса молчит",
  },
  "today.schedules": {
    one: "{count} регулярный отчёт не удался",
    few: "{count} регулярных отчёта не удались",
    many: "{count} регулярных отчётов не удались",
    other: "{count} регулярного отчёта не удались",
  },
  "today.reports": "Отчёты в работе",
  "today.soldOf": "Продано {sold} из {seats}",
  "today.noneToday": "Сегодня рейсов нет",
  "today.noneTomorrow": "Завтра рейсов нет",

  "messages.title": "Недоставленные сообщения",
  "messages.lead": "Пассажирам, которые ещё не выехали. Исправьте адрес и отправьте билет ещё раз или позвоните.",
  "messages.departs": "Посадка {at}.",
  "messages.again": "Отправлено ещё раз",
  "messages.none": "Все сообщения доставлены",
  "messages.noneText": "Никто не ждёт сообщения.",
} satisfies Translation<typeof en>;
