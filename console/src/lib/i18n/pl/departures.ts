/** Polish: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "W sprzedaży",
  "sale.Closed": "Sprzedaż zamknięta",
  "sale.Withdrawn": "Nie ma w rozkładzie",
  "sale.Over": "Odjechał",

  "departures.title": "Kursy",
  "departures.count": { one: "{count} kurs", few: "{count} kursy", many: "{count} kursów", other: "{count} kursu" },
  "departures.earlier": "Poprzedni tydzień",
  "departures.later": "Następny tydzień",
  "departures.days": "Dni tygodnia",
  "departures.week": "Cały tydzień",
  "departures.goTo": "Przejdź do dnia",
  "departures.route": "Trasa",
  "departures.chosenRoute": "Wybrana trasa",
  "departures.none": "Brak kursów",
  "departures.noneText": "W tych dniach w Twoim rozkładzie nie ma kursów.",
  "departures.noneOfRoute": "W tych dniach na tej trasie nie ma kursów.",
  "departures.tooMany": "Pokazano tylko pierwsze 1000 kursów. Wybierz dzień lub trasę.",

  "departure.time": "Odjazd",
  "departure.bus": "Autobus",
  "departure.sold": "Sprzedano",
  "departure.soldOf": "{sold} z {seats}",
  "departure.open": "Nieopłacone",
  "departure.processing": "Do potwierdzenia",
  "departure.sale": "Sprzedaż",
} satisfies Translation<typeof en>;
