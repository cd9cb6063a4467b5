/** Romanian: signIn. */
import type en from "../en/signIn";
import type { Translation } from "../translation";

export default {
  "signIn.title": "Autentificare",
  "signIn.lead": "Pentru companii de autobuze și parteneri.",
  "signIn.password": "Parolă",
  "signIn.action": "Intră în cont",
  "signIn.choose": "Unde lucrați astăzi?",
  "signIn.hello": "Bun venit, {name}!",
  "signIn.other": "Intră cu alt cont",
  "signIn.or": "sau",
  "signIn.withGoogle": "Intră cu Google",
  "signIn.googleWait": "Se face autentificarea …",
  "signIn.google.denied": "Ați anulat autentificarea cu Google.",
  "signIn.google.expired":
    "Autentificarea cu Google a durat prea mult sau a început în alt browser. Încercați din nou.",
  "signIn.google.unknown":
    "Niciun utilizator nu are adresa de e-mail a acestui cont Google. Alegeți contul pe care ați primit invitația.",
  "signIn.google.away": "Autentificarea cu Google nu funcționează acum. Încercați mai târziu sau folosiți parola.",
  "signIn.about": "Despre PREXSELL",
} satisfies Translation<typeof en>;
