/** Romanian: closing and reopening the sale. */
import type en from "../en/sale";
import type { Translation } from "../translation";

export default {
  "departure.closeTitle": "Închideți vânzarea pentru această plecare?",
  "departure.closeText":
    "De acum nimeni nu mai poate cumpăra bilet. Biletele vândute rămân valabile și pot fi încă plătite.",
  "departure.reopenTitle": "Redeschideți vânzarea pentru această plecare?",
  "departure.reopenText": "Partenerii o găsesc din nou imediat.",
  "departure.reason": "Motiv",
  "departure.reasonHint": "Opțional. Se păstrează în istoric.",
  "departure.history": "Istoricul vânzării",
  "departure.closed": "Închisă",
  "departure.reopened": "Redeschisă",
  "departure.you": "de dvs.",
  "departure.colleague": "de un coleg",
} satisfies Translation<typeof en>;
