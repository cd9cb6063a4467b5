/** Romanian: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Treci",
  "account.here": "Sunteți aici",
  "account.workplaces": "Companii și parteneri",
  "account.sessions": "Sesiuni",
  "account.thisSession": "Aceasta",
  "account.browserUnknown": "Browser necunoscut",
  "account.signedIn": "Intrare {at}",
  "account.used": "folosită {ago}",
  "account.end": "Încheie",
  "account.endTitle": "Încheiați această sesiune?",
  "account.ended": "Sesiunea este încheiată.",
  "account.endOthers": "Încheie toate celelalte",
  "account.endOthersTitle": "Încheiați toate celelalte sesiuni?",
  "account.endText": "Cine folosește această sesiune este deconectat imediat.",
  "account.othersEnded": "Toate celelalte sesiuni sunt încheiate.",
  "account.othersFailed": {
    one: "{count} sesiune nu a putut fi încheiată. Încercați din nou.",
    few: "{count} sesiuni nu au putut fi încheiate. Încercați din nou.",
    other: "{count} de sesiuni nu au putut fi încheiate. Încercați din nou.",
  },
  "account.sessionsText": "O sesiune se încheie când ieșiți din cont sau după 30 de zile fără utilizare.",
  "account.signOutAll": "Ieși de peste tot",
  "account.signOutAllTitle": "Ieșiți de peste tot?",
  "account.signOutAllText": "Toate sesiunile se încheie imediat, pe fiecare dispozitiv, inclusiv pe acesta.",
  "account.password": "Schimbă parola",
  "account.passwordText": "Toate celelalte sesiuni se încheie, aceasta continuă.",
  "account.current": "Parola actuală",
  "account.new": "Parola nouă",
  "account.newHint": "Între 8 și 128 de caractere. O propoziție e mai bună decât un cuvânt.",
  "account.wrong": "Parola actuală este greșită.",
  "account.passwordChanged": "Parola este schimbată.",
} satisfies Translation<typeof en>;
