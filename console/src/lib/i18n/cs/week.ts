/** Czech: the list of departures. */
import type en from "../en/week";
import type { Translation } from "../translation";

export default {
  "departures.count": { one: "{count} spoj", few: "{count} spoje", many: "{count} spoje", other: "{count} spojů" },
  "departures.earlier": "Předchozí týden",
  "departures.later": "Následující týden",
  "departures.days": "Dny týdne",
  "departures.week": "Celý týden",
  "departures.goTo": "Přejít na den",
  "departures.chosenRoute": "Vybraná linka",
  "departures.noneText": "V těchto dnech podle vašeho jízdního řádu nic nejede.",
  "departures.noneOfRoute": "V těchto dnech na této lince nic nejede.",
} satisfies Translation<typeof en>;
