/** Russian: partners. */
import type en from "../en/partners";
import type { Translation } from "../translation";

export default {
  "partners.title": "Партнёры",
  "partners.lead": "Что каждый партнёр может делать с вашими рейсами. Изменение действует сразу; проданные заказы остаются.",
  "partners.of": "Что может {partner}",
  "partners.changed": "Изменено {at}",
  "partners.unchanged": "Никогда не менялось: разрешено всё",
  "partners.saved": "Сохранено для {partner}.",
  "partners.empty": "Партнёров пока нет",
  "access.SEARCH": "Искать",
  "access.BOOK": "Бронировать",
  "access.CANCEL": "Отменять",
} satisfies Translation<typeof en>;
