/** Russian: departure. */
import type en from "../en/departure";
import type { Translation } from "../translation";

export default {
  "departure.title": "Рейс",
  "departure.manifest": "Посадочная ведомость",
  "departure.onMap": "Автобус на карте",
  "departure.position": "Позиция {ago}",
  "departure.paid": "Оплачено",
  "departure.due": "Оплата при посадке",
  "departure.numbers": "Билеты",

  "departure.stops": "Остановки и заполнение",
  "departure.stopsHint": "Выберите участок, чтобы увидеть его места.",
  "departure.boards": {
    one: "Посадка: {count}",
    few: "Посадка: {count}",
    many: "Посадка: {count}",
    other: "Посадка: {count}",
  },
  "departure.alights": {
    one: "Высадка: {count}",
    few: "Высадка: {count}",
    many: "Высадка: {count}",
    other: "Высадка: {count}",
  },
  "departure.seats": "Места",
  "departure.seatsHint": "Показано по четыре в ряд, по номерам: настоящее расположение мест в этом автобусе платформе неизвестно.",
  "seat.free": "Свободно",
  "seat.paid": "Оплачено",
  "seat.board": "Оплата при посадке",
  "seat.open": "Не оплачено",
  "seat.elsewhere": "Здесь свободно, продано на другом участке",
  "seat.number": "Место {seat}",

  "departure.passengers": {
    one: "{count} пассажир",
    few: "{count} пассажира",
    many: "{count} пассажиров",
    other: "{count} пассажира",
  },
  "departure.who": "Пассажиры",
  "departure.nobody": "Пассажиров пока нет",
  "departure.nobodyText": "Пассажиры появятся здесь с первым заказом.",

  "departure.close": "Закрыть продажу",
  "departure.reopen": "Открыть продажу",
  "departure.closeDone": "Продажа закрыта.",
  "departure.reopenDone": "Продажа снова открыта.",

  "manifest.pay": "К оплате {sum}",
} satisfies Translation<typeof en>;
