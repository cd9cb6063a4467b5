/** Czech: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Přejít",
  "account.here": "Jste zde",
  "account.workplaces": "Společnosti a partneři",
  "account.sessions": "Relace",
  "account.thisSession": "Tato",
  "account.browserUnknown": "Neznámý prohlížeč",
  "account.signedIn": "Přihlášení {at}",
  "account.used": "použito {ago}",
  "account.end": "Ukončit",
  "account.endTitle": "Ukončit tuto relaci?",
  "account.ended": "Relace ukončena.",
  "account.endOthers": "Ukončit všechny ostatní",
  "account.endOthersTitle": "Ukončit všechny ostatní relace?",
  "account.endText": "Kdo tuto relaci používá, bude ihned odhlášen.",
  "account.othersEnded": "Všechny ostatní relace jsou ukončeny.",
  "account.othersFailed": {
    one: "{count} relaci se nepodařilo ukončit. Zkuste to znovu.",
    few: "{count} relace se nepodařilo ukončit. Zkuste to znovu.",
    many: "{count} relace se nepodařilo ukončit. Zkuste to znovu.",
    other: "{count} relací se nepodařilo ukončit. Zkuste to znovu.",
  },
  "account.sessionsText": "Relace končí odhlášením, nebo po 30 dnech bez použití.",
  "account.signOutAll": "Odhlásit se všude",
  "account.signOutAllTitle": "Odhlásit se všude?",
  "account.signOutAllText": "Všechny vaše relace ihned skončí, na každém zařízení, i na tomto.",
  "account.password": "Změnit heslo",
  "account.passwordText": "Všechny vaše ostatní relace skončí, tato pokračuje.",
  "account.current": "Současné heslo",
  "account.new": "Nové heslo",
  "account.newHint": "8 až 128 znaků. Věta je lepší než slovo.",
  "account.wrong": "Současné heslo je chybné.",
  "account.passwordChanged": "Heslo změněno.",
} satisfies Translation<typeof en>;
