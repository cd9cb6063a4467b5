/** Romanian: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Treci",
  "account.here": "Sunteți aici",
  "account.workplaces": "Locuri de muncă",
  "account.sessions": "Sesiuni",
  "account.sessionsText": "O sesiune se încheie când ieșiți din cont sau după 30 de zile fără utilizare.",
  "account.lastUsed": "Ultima utilizare",
  "account.endsAt": "Se încheie",
  "account.signOutAll": "Ieși de peste tot",
  "account.signOutAllTitle": "Ieșiți de peste tot?",
  "account.signOutAllText": "Toate sesiunile se încheie imediat, pe fiecare dispozitiv, inclusiv pe acesta.",
} satisfies Translation<typeof en>;
