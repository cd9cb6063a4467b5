/** Czech: the dialog of a scheduled report. */
import type en from "../en/schedule";
import type { Translation } from "../translation";

export default {
  "schedules.period": "Dny přehledu",
  "schedules.orders": "Objednávky",
  "schedules.rhythm": "Kdy",
  "schedules.onWeekdays": "Ve dny v týdnu",
  "schedules.onDay": "V den v měsíci",
  "schedules.day": "Den v měsíci",
  "schedules.dayHint": "V kratších měsících poslední den.",
  "schedules.lastDayOption": "poslední den",
  "schedules.time": "Čas",
  "schedules.timeHint": "Časové pásmo: {zone}",
  "schedules.language": "Jazyk e-mailů",
  "schedules.recipients": "Příjemci",
  "schedules.recipientsHint": "Jedna adresa na řádek, nejvýše 10. Soubor může stáhnout každý, kdo má odkaz.",
  "schedules.enabled": "Vytvářet tyto přehledy",
  "schedules.save": "Uložit",
  "schedules.changeTitle": "Pravidelný přehled",
  "schedules.removeTitle": "Smazat tento pravidelný přehled?",
  "schedules.removeText": "Další přehledy už nevzniknou a dosud neodeslané e-maily se neodešlou. Hotové přehledy zůstanou.",
  "schedules.created": "Přehled je naplánován.",
  "schedules.changed": "Pravidelný přehled je změněn.",
  "schedules.removed": "Pravidelný přehled je smazán.",
  "schedules.noDay": "Zvolte alespoň jeden den.",
  "schedules.address": "Na adresu „{address}“ nelze poslat e-mail.",
  "schedules.full": "Společnost může mít nejvýše 20 pravidelných přehledů. Nejprve jeden smažte.",
} satisfies Translation<typeof en>;
