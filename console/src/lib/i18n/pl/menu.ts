/** Polish: the menu of the account. */
import type en from "../en/menu";
import type { Translation } from "../translation";

export default {
  "account.switch": "Przejdź do",
  "account.theme": "Wygląd",
  "theme.system": "Jak w systemie",
  "theme.light": "Jasny",
  "theme.dark": "Ciemny",
} satisfies Translation<typeof en>;
