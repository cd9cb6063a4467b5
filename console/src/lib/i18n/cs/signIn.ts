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
  "signIn.or": "nebo",
  "signIn.withGoogle": "Přihlásit se přes Google",
  "signIn.googleWait": "Přihlašování …",
  "signIn.google.denied": "Přihlášení přes Google jste zrušili.",
  "signIn.google.expired":
    "Přihlášení přes Google trvalo příliš dlouho nebo začalo v jiném prohlížeči. Zkuste to znovu.",
  "signIn.google.unknown":
    "Žádný uživatel nemá e-mailovou adresu tohoto účtu Google. Vyberte účet, na který přišla pozvánka.",
  "signIn.google.away": "Přihlášení přes Google teď nefunguje. Zkuste to později nebo použijte heslo.",
  "signIn.about": "O PREXSELL",
} satisfies Translation<typeof en>;
