/** Polish: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "W sprzedaży",
  "sale.Closed": "Sprzedaż zamknięta",
  "sale.Withdrawn": "Nie ma w rozkładzie",
  "sale.Over": "Odjechał",

  "departures.title": "Kursy",
  "departures.none": "Brak kursów",
  "departures.tooMany": "Pokazano tylko pierwsze 1000 kursów. Wybierz dzień lub trasę.",

  "departure.time": "Odjazd",
  "departure.bus": "Autobus",
  "departure.sold": "Sprzedano",
  "departure.soldOf": "{sold} z {seats}",
  "departure.open": "Nieopłacone",
  "departure.processing": "Do potwierdzenia",
  "departure.sale": "Sprzedaż",
  "departures.route": "Trasa",
} satisfies Translation<typeof en>;
