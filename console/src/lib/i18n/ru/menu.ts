/** Russian: the menu of the account. */
import type en from "../en/menu";
import type { Translation } from "../translation";

export default {
  "account.switch": "Перейти в",
  "account.theme": "Вид",
  "theme.system": "Как в системе",
  "theme.light": "Светлый",
  "theme.dark": "Тёмный",
} satisfies Translation<typeof en>;
