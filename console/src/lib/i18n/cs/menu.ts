/** Czech: the menu of the account. */
import type en from "../en/menu";
import type { Translation } from "../translation";

export default {
  "account.switch": "Přejít do",
  "account.theme": "Vzhled",
  "theme.system": "Podle systému",
  "theme.light": "Světlý",
  "theme.dark": "Tmavý",
} satisfies Translation<typeof en>;
