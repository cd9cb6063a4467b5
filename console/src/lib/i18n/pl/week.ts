/** Polish: the list of departures. */
import type en from "../en/week";
import type { Translation } from "../translation";

export default {
  "departures.count": { one: "{count} kurs", few: "{count} kursy", many: "{count} kursów", other: "{count} kursu" },
  "departures.earlier": "Poprzedni tydzień",
  "departures.later": "Następny tydzień",
  "departures.days": "Dni tygodnia",
  "departures.week": "Cały tydzień",
  "departures.goTo": "Przejdź do dnia",
  "departures.chosenRoute": "Wybrana trasa",
  "departures.noneText": "W tych dniach w Twoim rozkładzie nie ma kursów.",
  "departures.noneOfRoute": "W tych dniach na tej trasie nie ma kursów.",
} satisfies Translation<typeof en>;
