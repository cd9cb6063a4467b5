/** Romanian: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "La vânzare",
  "sale.Closed": "Vânzare închisă",
  "sale.Withdrawn": "Nu este în orar",
  "sale.Over": "A plecat",

  "departures.title": "Plecări",
  "departures.none": "Nicio plecare",
  "departures.tooMany": "Sunt afișate doar primele 1.000 de plecări. Alegeți o zi sau o rută.",

  "departure.time": "Plecare",
  "departure.bus": "Autobuz",
  "departure.sold": "Vândute",
  "departure.soldOf": "{sold} din {seats}",
  "departure.open": "Neplătite",
  "departure.processing": "De confirmat",
  "departure.sale": "Vânzare",
  "departures.route": "Rută",
} satisfies Translation<typeof en>;
