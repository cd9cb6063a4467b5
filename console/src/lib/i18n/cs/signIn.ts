/** Czech: signIn. */
import type en from "../en/signIn";
import type { Translation } from "../translation";

export default {
  "signIn.title": "Přihlášení",
  "signIn.lead": "Pro autobusové společnosti a partnery.",
  "signIn.password": "Heslo",
  "signIn.action": "Přihlásit se",
  "signIn.choose": "Kde dnes pracujete?",
  "signIn.hello": "Vítejte, {name}!",
  "signIn.other": "Přihlásit se jako někdo jiný",
  "signIn.about": "O PREXSELL",
} satisfies Translation<typeof en>;
