/** Polish: closing and reopening the sale. */
import type en from "../en/sale";
import type { Translation } from "../translation";

export default {
  "departure.closeTitle": "Zamknąć sprzedaż na ten kurs?",
  "departure.closeText":
    "Od teraz nie można kupić na niego biletu. Sprzedane bilety pozostają ważne i nadal można je opłacić.",
  "departure.reopenTitle": "Otworzyć sprzedaż na ten kurs?",
  "departure.reopenText": "Partnerzy od razu znów go znajdą.",
  "departure.reason": "Powód",
  "departure.reasonHint": "Nieobowiązkowy. Zostanie w historii.",
  "departure.history": "Historia sprzedaży",
  "departure.closed": "Zamknięto",
  "departure.reopened": "Otwarto ponownie",
  "departure.you": "Ty",
  "departure.colleague": "ktoś z firmy",
} satisfies Translation<typeof en>;
