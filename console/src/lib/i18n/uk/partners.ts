/** Ukrainian: partners. */
import type en from "../en/partners";
import type { Translation } from "../translation";

export default {
  "partners.title": "Партнери",
  "partners.lead": "Що кожен партнер може робити з вашими рейсами. Зміна діє негайно; продані замовлення залишаються.",
  "partners.of": "Що може {partner}",
  "partners.changed": "Змінено {at}",
  "partners.unchanged": "Ніколи не змінювалося: дозволено все",
  "partners.saved": "Збережено для {partner}.",
  "partners.empty": "Партнерів ще немає",
  "access.SEARCH": "Шукати",
  "access.BOOK": "Бронювати",
  "access.CANCEL": "Скасовувати",
} satisfies Translation<typeof en>;
