/** Ukrainian: the menu of the account. */
import type en from "../en/menu";
import type { Translation } from "../translation";

export default {
  "account.switch": "Перейти до",
  "account.theme": "Вигляд",
  "theme.system": "Як у системі",
  "theme.light": "Світлий",
  "theme.dark": "Темний",
} satisfies Translation<typeof en>;
