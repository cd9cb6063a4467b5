/** Czech: departures. */
import type en from "../en/departures";
import type { Translation } from "../translation";

export default {
  "sale.OnSale": "V prodeji",
  "sale.Closed": "Prodej uzavřen",
  "sale.Withdrawn": "Není v jízdním řádu",
  "sale.Over": "Odjel",

  "departures.title": "Spoje",
  "departures.count": { one: "{count} spoj", few: "{count} spoje", many: "{count} spoje", other: "{count} spojů" },
  "departures.earlier": "Předchozí týden",
  "departures.later": "Následující týden",
  "departures.days": "Dny týdne",
  "departures.week": "Celý týden",
  "departures.goTo": "Přejít na den",
  "departures.route": "Linka",
  "departures.chosenRoute": "Vybraná linka",
  "departures.none": "Žádné spoje",
  "departures.noneText": "V těchto dnech podle vašeho jízdního řádu nic nejede.",
  "departures.noneOfRoute": "V těchto dnech na této lince nic nejede.",
  "departures.tooMany": "Zobrazeno je jen prvních 1 000 spojů. Zvolte den nebo linku.",

  "departure.time": "Odjezd",
  "departure.bus": "Autobus",
  "departure.sold": "Prodáno",
  "departure.soldOf": "{sold} z {seats}",
  "departure.open": "Nezaplaceno",
  "departure.processing": "K potvrzení",
  "departure.sale": "Prodej",
} satisfies Translation<typeof en>;
