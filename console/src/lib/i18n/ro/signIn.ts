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
  "signIn.about": "Despre PREXSELL",
} satisfies Translation<typeof en>;
