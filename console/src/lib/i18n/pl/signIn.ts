/** Polish: signIn. */
import type en from "../en/signIn";
import type { Translation } from "../translation";

export default {
  "signIn.title": "Logowanie",
  "signIn.lead": "Dla firm autobusowych i partnerów.",
  "signIn.password": "Hasło",
  "signIn.action": "Zaloguj się",
  "signIn.choose": "Gdzie dziś pracujesz?",
  "signIn.hello": "Witaj, {name}!",
  "signIn.other": "Zaloguj się jako ktoś inny",
  "signIn.about": "O PREXSELL",
} satisfies Translation<typeof en>;
