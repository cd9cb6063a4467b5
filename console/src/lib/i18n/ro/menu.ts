/** Romanian: the menu of the account. */
import type en from "../en/menu";
import type { Translation } from "../translation";

export default {
  "account.switch": "Treci la",
  "account.theme": "Aspect",
  "theme.system": "Ca în sistem",
  "theme.light": "Luminos",
  "theme.dark": "Întunecat",
} satisfies Translation<typeof en>;
