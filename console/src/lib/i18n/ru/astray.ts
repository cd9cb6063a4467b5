/** Russian: pages that do not exist, or that a user may not see. */
import type en from "../en/astray";
import type { Translation } from "../translation";

export default {
  "forbidden.title": "Не для вашей роли",
  "forbidden.text": "Ваша роль не даёт доступа к этой странице. Это может изменить администратор вашей компании.",
  "notFound.title": "Такой страницы нет",
  "notFound.text": "Возможно, в адресе ошибка, или он из старой версии.",
} satisfies Translation<typeof en>;
