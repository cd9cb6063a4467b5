/** Romanian: the dialog of a scheduled report. */
import type en from "../en/schedule";
import type { Translation } from "../translation";

export default {
  "schedules.period": "Zilele raportului",
  "schedules.orders": "Comenzi",
  "schedules.rhythm": "Când",
  "schedules.onWeekdays": "În zile ale săptămânii",
  "schedules.onDay": "Într-o zi a lunii",
  "schedules.day": "Ziua lunii",
  "schedules.dayHint": "În lunile mai scurte, în ultima zi.",
  "schedules.lastDayOption": "ultima zi",
  "schedules.time": "Ora",
  "schedules.timeHint": "Fus orar: {zone}",
  "schedules.language": "Limba e-mailurilor",
  "schedules.recipients": "Destinatari",
  "schedules.recipientsHint": "O adresă pe rând, cel mult 10. Oricine are linkul poate descărca fișierul.",
  "schedules.enabled": "Creează aceste rapoarte",
  "schedules.save": "Salvează",
  "schedules.changeTitle": "Raport programat",
  "schedules.removeTitle": "Ștergeți acest raport programat?",
  "schedules.removeText": "Nu se mai creează rapoarte, iar e-mailurile încă netrimise nu mai pleacă. Rapoartele create rămân.",
  "schedules.created": "Raportul este programat.",
  "schedules.changed": "Raportul programat a fost modificat.",
  "schedules.removed": "Raportul programat a fost șters.",
  "schedules.noDay": "Alegeți cel puțin o zi.",
  "schedules.address": "La adresa „{address}” nu se poate trimite e-mail.",
  "schedules.full": "O companie poate avea cel mult 20 de rapoarte programate. Ștergeți mai întâi unul.",
} satisfies Translation<typeof en>;
