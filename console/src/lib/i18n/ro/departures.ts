/** Romanian: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "La vânzare",
  "sale.Closed": "Vânzare închisă",
  "sale.Withdrawn": "Nu este în orar",
  "sale.Over": "A plecat",

  "departures.title": "Plecări",
  "departures.count": { one: "{count} plecare", few: "{count} plecări", other: "{count} de plecări" },
  "departures.earlier": "Săptămâna anterioară",
  "departures.later": "Săptămâna următoare",
  "departures.days": "Zilele săptămânii",
  "departures.week": "Toată săptămâna",
  "departures.goTo": "Mergi la o zi",
  "departures.route": "Rută",
  "departures.chosenRoute": "Ruta aleasă",
  "departures.none": "Nicio plecare",
  "departures.noneText": "Orarul dvs. nu are plecări în aceste zile.",
  "departures.noneOfRoute": "Ruta aceasta nu are plecări în aceste zile.",
  "departures.tooMany": "Sunt afișate doar primele 1.000 de plecări. Alegeți o zi sau o rută.",

  "departure.time": "Plecare",
  "departure.bus": "Autobuz",
  "departure.sold": "Vândute",
  "departure.soldOf": "{sold} din {seats}",
  "departure.open": "Neplătite",
  "departure.processing": "De confirmat",
  "departure.sale": "Vânzare",
} satisfies Translation<typeof en>;
