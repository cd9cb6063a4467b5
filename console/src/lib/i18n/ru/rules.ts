/** Russian: rules. */
import type en from "../en/rules";
import type { Translation } from "../translation";

export default {
  "rules.title": "Правила и цены",
  "rules.lead":
    "Что возвращается, какие есть скидки и когда заканчивается продажа. Партнёры и пассажиры видят это сразу.",
  "rules.save": "Сохранить",
  "rules.discard": "Отменить изменения",
  "rules.saved": "Сохранено. Действует с этого момента.",
  "rules.leave": "Изменения не сохранены. Уйти со страницы без них?",
  "rules.partners": "Что может каждый партнёр",
  "rules.partnersText": "Искать, бронировать, отменять: это настраивается на отдельной странице.",
  "rules.partnersLink": "Партнёры",

  "refunds.title": "Возврат денег",
  "refunds.text":
    "Из строк, для которых до посадки ещё достаточно часов, действует та, в которой часов больше всего. Это относится и к уже проданным билетам. За билет, отменённый в течение 20 минут после продажи, возвращается полная стоимость.",
  "refunds.line": "Строка {number}",
  "refunds.hours": "Часов до посадки, от",
  "refunds.back": "Возвращается",
  "refunds.unit": "Процент или валюта",
  "refunds.add": "Добавить строку",
  "refunds.remove": "Убрать строку {number}",
  "refunds.none": "Если строк нет, через 20 минут после продажи не возвращается ничего.",
  "refunds.later": {
    one: "Позже чем за {count} час до посадки: ничего.",
    few: "Позже чем за {count} часа до посадки: ничего.",
    many: "Позже чем за {count} часов до посадки: ничего.",
    other: "Позже чем за {count} часа до посадки: ничего.",
  },
  "refunds.twice": "В двух строках одинаковые часы.",

  "example.title": "Пример",
  "example.price": "Цена билета",
  "example.currency": "Валюта",
  "example.hours": "За сколько часов до посадки отменён",
  "example.canceled": {
    one: "Отменён за {count} час до посадки:",
    few: "Отменён за {count} часа до посадки:",
    many: "Отменён за {count} часов до посадки:",
    other: "Отменён за {count} часа до посадки:",
  },
  "example.back": "возвращается {amount}",
  "example.kept": "{amount} остаётся вам",
  "example.rate": "возвращается {amount} по курсу того дня, но не больше цены",
  "example.closed": "Партнёры тогда уже не могут отменять, а вы можете.",
  "example.boarding": "Посадка",

  "cutoffs.title": "Когда заканчиваются продажа и отмена",
  "cutoffs.sale": "За сколько минут до посадки заканчивается продажа",
  "cutoffs.saleHint": "0: продаётся до самой посадки.",
  "cutoffs.cancel": "Партнёры могут отменять оплаченные билеты",
  "cutoffs.always": "в любое время",
  "cutoffs.until": "не позднее чем за несколько часов до посадки",
  "cutoffs.hours": "Часов до посадки",

  "discounts.title": "Скидки",
  "discounts.text":
    "Размер скидки не меняется, потому что он виден на проданных билетах: отзовите её и создайте другую.",
  "discounts.create": "Новая скидка",
  "discounts.empty": "Скидок ещё нет",
  "discounts.always": "В любой день продажи",
  "discounts.since": "С {day}",
  "discounts.till": "До {day}",
  "discounts.active": "Действует",
  "discounts.coming": "Ещё не действует",
  "discounts.ended": "Закончилась",
  "discounts.days": "Изменить дни",
  "discounts.withdraw": "Отозвать",
} satisfies Translation<typeof en>;
