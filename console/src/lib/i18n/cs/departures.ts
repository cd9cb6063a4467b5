/** Czech: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "V prodeji",
  "sale.Closed": "Prodej uzavřen",
  "sale.Withdrawn": "Není v jízdním řádu",
  "sale.Over": "Odjel",

  "departures.title": "Spoje",
  "departures.none": "Žádné spoje",
  "departures.tooMany": "Zobrazeno je jen prvních 1 000 spojů. Zvolte den nebo linku.",

  "departure.time": "Odjezd",
  "departure.bus": "Autobus",
  "departure.sold": "Prodáno",
  "departure.soldOf": "{sold} z {seats}",
  "departure.open": "Nezaplaceno",
  "departure.processing": "K potvrzení",
  "departure.sale": "Prodej",
  "departures.route": "Linka",
} satisfies Translation<typeof en>;
