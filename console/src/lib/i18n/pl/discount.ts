/** Polish: the dialogs of discounts. */
import type en from "../en/discount";
import type { Translation } from "../translation";

export default {
  "discounts.name": "Nazwa",
  "discounts.nameHint": "Partnerzy pokazują ją pasażerom.",
  "discounts.amount": "Zniżka",
  "discounts.from": "Pierwszy dzień sprzedaży",
  "discounts.to": "Ostatni dzień sprzedaży",
  "discounts.openHint": "Puste: bez ograniczenia.",
  "discounts.reversed": "Ostatni dzień jest przed pierwszym.",
  "discounts.daysTitle": "Dni zniżki „{name}”",
  "discounts.withdrawTitle": "Wycofać „{name}”?",
  "discounts.withdrawText":
    "Nikt już z niej nie skorzysta. Sprzedane bilety zachowają cenę i nadal będą pokazywać zniżkę. Tego nie można cofnąć.",
  "discounts.created": "Utworzono zniżkę „{name}”.",
  "discounts.changed": "Zmieniono dni zniżki „{name}”.",
  "discounts.withdrawn": "Wycofano zniżkę „{name}”.",
  "discounts.taken": "Inna zniżka ma już tę nazwę.",
} satisfies Translation<typeof en>;
