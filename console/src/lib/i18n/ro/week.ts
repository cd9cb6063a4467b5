/** Romanian: the list of departures. */
import type en from "../en/week";
import type { Translation } from "../translation";

export default {
  "departures.count": { one: "{count} plecare", few: "{count} plecări", other: "{count} de plecări" },
  "departures.earlier": "Săptămâna anterioară",
  "departures.later": "Săptămâna următoare",
  "departures.days": "Zilele săptămânii",
  "departures.week": "Toată săptămâna",
  "departures.goTo": "Mergi la o zi",
  "departures.chosenRoute": "Ruta aleasă",
  "departures.noneText": "Orarul dvs. nu are plecări în aceste zile.",
  "departures.noneOfRoute": "Ruta aceasta nu are plecări în aceste zile.",
} satisfies Translation<typeof en>;
