/** Ukrainian: departure. */
import type en from "../en/departure";
import type { Translation } from "../translation";

export default {
  "departure.title": "Рейс",
  "departure.manifest": "Посадкова відомість",
  "departure.onMap": "Автобус на мапі",
  "departure.position": "Позиція {ago}",
  "departure.paid": "Оплачено",
  "departure.due": "Оплата під час посадки",
  "departure.numbers": "Квитки",

  "departure.stops": "Зупинки й заповненість",
  "departure.stopsHint": "Виберіть ділянку, щоб побачити її місця.",
  "departure.boards": {
    one: "Посадка: {count}",
    few: "Посадка: {count}",
    many: "Посадка: {count}",
    other: "Посадка: {count}",
  },
  "departure.alights": {
    one: "Висадка: {count}",
    few: "Висадка: {count}",
    many: "Висадка: {count}",
    other: "Висадка: {count}",
  },
  "departure.seats": "Місця",
  "departure.seatsHint": "Показано по чотири в ряд, за номерами: справжнє розташування місць у цьому автобусі платформі невідоме.",
  "seat.free": "Вільне",
  "seat.paid": "Оплачено",
  "seat.board": "Оплата під час посадки",
  "seat.open": "Не оплачено",
  "seat.elsewhere": "Тут вільне, продане на іншій ділянці",
  "seat.number": "Місце {seat}",

  "departure.passengers": {
    one: "{count} пасажир",
    few: "{count} пасажири",
    many: "{count} пасажирів",
    other: "{count} пасажира",
  },
  "departure.who": "Пасажири",
  "departure.nobody": "Пасажирів ще немає",
  "departure.nobodyText": "Пасажири зʼявляться тут із першим замовленням.",

  "departure.close": "Закрити продаж",
  "departure.reopen": "Відкрити продаж",
  "departure.closeDone": "Продаж закрито.",
  "departure.reopenDone": "Продаж знову відкрито.",

  "manifest.pay": "До сплати {sum}",
} satisfies Translation<typeof en>;
