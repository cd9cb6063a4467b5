/** Czech: orders. */
import type en from "../en/orders";
import type { Translation } from "../translation";

export default {
  "orders.title": "Objednávky",
  "orders.count": {
    one: "{count} objednávka",
    few: "{count} objednávky",
    many: "{count} objednávky",
    other: "{count} objednávek",
  },
  "orders.found": {
    one: "Nalezena {count} objednávka.",
    few: "Nalezeny {count} objednávky.",
    many: "Nalezeno {count} objednávky.",
    other: "Nalezeno {count} objednávek.",
  },
  "orders.search": "Hledat",
  "orders.searchHint": "Jméno, telefon, e-mail nebo číslo",
  "orders.day": "Den odjezdu",
  "orders.status": "Stav",
  "orders.payment": "Platba",
  "orders.waiting": "Čekají na vás",
  "orders.route": "Linka",
  "orders.oneRoute": "Jen jedna linka",
  "orders.filters": "Filtry",
  "orders.clear": "Zrušit filtry",
  "orders.none": "Nic neodpovídá",
  "orders.noneText": "Zkuste méně filtrů, jiný den nebo část jména.",
  "orders.empty": "Zatím žádné objednávky",
  "orders.emptyText": "Objednávky se zde objeví, jakmile partner prodá sedadlo ve vašem autobusu.",

  "order.departure": "Odjezd",
  "order.price": "Cena",
  "order.note": "Poznámka",
  "order.platform": "Nástupiště",
  "order.discount": "Sleva",
  "order.prepaid": "Záloha",
  "order.refund": "Vrácená částka",
  "order.due": "K zaplacení při nástupu",
  "order.sale": "Prodej",
  "order.partner": "Prodejce",
  "order.created": "Vytvořeno",
  "order.id": "ID objednávky",
  "order.booking": "ID rezervace",
  "order.sameRoute": "Všechny objednávky této linky",

  "orders.tooMany": "Vyhovuje přes 1 000 objednávek. Zvolte den odjezdu, nebo zadejte více písmen jména.",
  "orders.tooShort": "Zadejte alespoň 2 znaky.",

  "order.pdf": "Jízdenka, PDF",
} satisfies Translation<typeof en>;
