/** Romanian: the dialogs of discounts. */
import type en from "../en/discount";
import type { Translation } from "../translation";

export default {
  "discounts.name": "Nume",
  "discounts.nameHint": "Partenerii îl arată pasagerilor.",
  "discounts.amount": "Reducere",
  "discounts.from": "Prima zi de vânzare",
  "discounts.to": "Ultima zi de vânzare",
  "discounts.openHint": "Gol: fără limită.",
  "discounts.reversed": "Ultima zi este înaintea primei.",
  "discounts.daysTitle": "Zilele reducerii „{name}”",
  "discounts.withdrawTitle": "Retrageți „{name}”?",
  "discounts.withdrawText":
    "Nimeni nu o mai poate folosi. Biletele vândute își păstrează prețul și afișează în continuare reducerea. Acțiunea nu poate fi anulată.",
  "discounts.created": "Reducerea „{name}” a fost creată.",
  "discounts.changed": "Zilele reducerii „{name}” au fost schimbate.",
  "discounts.withdrawn": "Reducerea „{name}” a fost retrasă.",
  "discounts.taken": "Altă reducere are deja acest nume.",
} satisfies Translation<typeof en>;
