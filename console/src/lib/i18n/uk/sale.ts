/** Ukrainian: closing and reopening the sale. */
import type en from "../en/sale";
import type { Translation } from "../translation";

export default {
  "departure.closeTitle": "Закрити продаж на цей рейс?",
  "departure.closeText":
    "Відтепер квитки на нього не продаватимуться. Продані квитки залишаються чинними, і їх іще можна оплатити.",
  "departure.reopenTitle": "Відкрити продаж на цей рейс?",
  "departure.reopenText": "Партнери одразу знову зможуть його знайти.",
  "departure.reason": "Причина",
  "departure.reasonHint": "Необовʼязково. Залишиться в історії.",
  "departure.history": "Історія продажу",
  "departure.closed": "Закрито",
  "departure.reopened": "Відкрито знову",
  "departure.you": "ви",
  "departure.colleague": "ваш колега",
} satisfies Translation<typeof en>;
