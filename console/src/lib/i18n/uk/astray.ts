/** Ukrainian: pages that do not exist, or that a user may not see. */
import type en from "../en/astray";
import type { Translation } from "../translation";

export default {
  "forbidden.title": "Не для вашої ролі",
  "forbidden.text": "Ваша роль не дає доступу до цієї сторінки. Це може змінити адміністратор вашої компанії.",
  "notFound.title": "Такої сторінки немає",
  "notFound.text": "Можливо, в адресі помилка, або вона зі старішої версії.",
} satisfies Translation<typeof en>;
