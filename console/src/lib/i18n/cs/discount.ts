/** Czech: the dialogs of discounts. */
import type en from "../en/discount";
import type { Translation } from "../translation";

export default {
  "discounts.name": "Název",
  "discounts.nameHint": "Partneři ho ukazují cestujícím.",
  "discounts.amount": "Sleva",
  "discounts.from": "První den prodeje",
  "discounts.to": "Poslední den prodeje",
  "discounts.openHint": "Prázdné: bez omezení.",
  "discounts.reversed": "Poslední den je před prvním.",
  "discounts.daysTitle": "Dny slevy „{name}“",
  "discounts.withdrawTitle": "Odvolat „{name}“?",
  "discounts.withdrawText":
    "Nikdo ji už nepoužije. Prodané jízdenky si cenu ponechají a slevu na nich bude dál vidět. Nelze to vrátit.",
  "discounts.created": "Sleva „{name}“ vytvořena.",
  "discounts.changed": "Dny slevy „{name}“ změněny.",
  "discounts.withdrawn": "Sleva „{name}“ odvolána.",
  "discounts.taken": "Tento název už má jiná sleva.",
} satisfies Translation<typeof en>;
