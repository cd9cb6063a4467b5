/** Czech: base. */
import type en from "../en/base";
import type { Translation } from "../translation";

export default {
  "common.all": "Vše",
  "common.back": "Zpět",
  "common.close": "Zavřít",
  "common.loading": "Načítání …",
  "common.retry": "Zkusit znovu",
  "common.undo": "Vrátit zpět",
  "common.today": "Dnes",
  "common.tomorrow": "Zítra",
  "pager.label": "Stránky seznamu",
  "pager.previous": "Zpět",
  "pager.next": "Další",
  "pager.shown": "{from}–{to} z {total}",

  "nav.label": "Oddíly",
  "nav.home": "PREXSELL, začátek",
  "nav.skip": "Přejít k obsahu",
  "nav.today": "Dnes",
  "nav.departures": "Spoje",
  "nav.timetable": "Jízdní řád",
  "nav.orders": "Objednávky",
  "nav.reports": "Přehledy",
  "nav.buses": "Autobusy",
  "nav.partners": "Partneři",
  "nav.keys": "Klíče API",
  "nav.rules": "Pravidla a ceny",
  "nav.people": "Lidé",
  "nav.usage": "Využití",
  "nav.migration": "Přechod",
  "nav.more": "Více",

  "common.email": "E-mail",

  "workplace.platform": "Platforma",
  "role.ADMIN": "Správce",
  "role.MANAGER": "Manažer",
  "role.DISPATCHER": "Dispečer",
  "role.ACCOUNTANT": "Účetní",
  "role.OPERATOR": "Provozovatel platformy",

  "account.menu": "Účet a nastavení",
  "account.title": "Účet a relace",

  "failure.offline": "Platforma je nedostupná. Zkontrolujte připojení.",
  "failure.update": "Stránku se nepodařilo načíst. Možná je novější verze: načtěte ji znovu.",

  "nav.ops": "Fronty",
  "nav.jobs": "Neúspěšné úlohy",
  "nav.story": "Průběh",
  "nav.members": "Partneři",
  "nav.audit": "Auditní záznam",
  "notFound.home": "Na začátek",
  "account.language": "Jazyk",
  "account.signOut": "Odhlásit se",
} satisfies Translation<typeof en>;
