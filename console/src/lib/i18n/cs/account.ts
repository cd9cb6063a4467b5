/** Czech: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Přejít",
  "account.here": "Jste zde",
  "account.workplaces": "Pracoviště",
  "account.sessions": "Relace",
  "account.sessionsText": "Relace končí odhlášením, nebo po 30 dnech bez použití.",
  "account.lastUsed": "Naposledy použito",
  "account.endsAt": "Končí",
  "account.signOutAll": "Odhlásit se všude",
  "account.signOutAllTitle": "Odhlásit se všude?",
  "account.signOutAllText": "Všechny vaše relace ihned skončí, na každém zařízení, i na tomto.",
} satisfies Translation<typeof en>;
