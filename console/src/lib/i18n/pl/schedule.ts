/** Polish: the dialog of a scheduled report. */
import type en from "../en/schedule";
import type { Translation } from "../translation";

export default {
  "schedules.period": "Dni raportu",
  "schedules.orders": "Zamówienia",
  "schedules.rhythm": "Kiedy",
  "schedules.onWeekdays": "W dni tygodnia",
  "schedules.onDay": "W dzień miesiąca",
  "schedules.day": "Dzień miesiąca",
  "schedules.dayHint": "W krótszych miesiącach – ostatniego dnia.",
  "schedules.lastDayOption": "ostatni dzień",
  "schedules.time": "Godzina",
  "schedules.timeHint": "Strefa czasowa: {zone}",
  "schedules.language": "Język wiadomości",
  "schedules.recipients": "Odbiorcy",
  "schedules.recipientsHint": "Jeden adres w wierszu, najwyżej 10. Plik może pobrać każdy, kto ma link.",
  "schedules.enabled": "Twórz te raporty",
  "schedules.save": "Zapisz",
  "schedules.changeTitle": "Zaplanowany raport",
  "schedules.removeTitle": "Usunąć ten zaplanowany raport?",
  "schedules.removeText": "Nowe raporty nie powstaną, a niewysłane jeszcze wiadomości nie zostaną wysłane. Utworzone raporty pozostaną.",
  "schedules.created": "Raport jest zaplanowany.",
  "schedules.changed": "Zaplanowany raport został zmieniony.",
  "schedules.removed": "Zaplanowany raport został usunięty.",
  "schedules.noDay": "Wybierz co najmniej jeden dzień.",
  "schedules.address": "Na adres „{address}” nie można wysłać wiadomości.",
  "schedules.full": "Firma może mieć najwyżej 20 zaplanowanych raportów. Najpierw usuń jeden z nich.",
} satisfies Translation<typeof en>;
