/** Romanian: orders. */
import type en from "../en/orders";
import type { Translation } from "../translation";

export default {
  "orders.title": "Comenzi",
  "orders.count": { one: "{count} comandă", few: "{count} comenzi", other: "{count} de comenzi" },
  "orders.found": {
    one: "S-a găsit {count} comandă.",
    few: "S-au găsit {count} comenzi.",
    other: "S-au găsit {count} de comenzi.",
  },
  "orders.search": "Caută",
  "orders.searchHint": "Nume, telefon, e-mail sau număr",
  "orders.day": "Ziua plecării",
  "orders.status": "Stare",
  "orders.payment": "Plată",
  "orders.waiting": "Vă așteaptă",
  "orders.route": "Rută",
  "orders.oneRoute": "O singură rută",
  "orders.filters": "Filtre",
  "orders.clear": "Șterge filtrele",
  "orders.none": "Nicio comandă nu se potrivește",
  "orders.noneText": "Încercați mai puține filtre, altă zi sau o parte din nume.",
  "orders.empty": "Încă nu există comenzi",
  "orders.emptyText": "Comenzile apar aici de îndată ce un partener vinde un loc în autobuzele dvs.",

  "order.departure": "Plecare",
  "order.price": "Preț",
  "order.note": "Notă",
  "order.platform": "Peron",
  "order.discount": "Reducere",
  "order.prepaid": "Avans",
  "order.refund": "Suma rambursată",
  "order.due": "De plată la îmbarcare",
  "order.sale": "Vânzare",
  "order.partner": "Vândut de",
  "order.created": "Creată",
  "order.id": "ID-ul comenzii",
  "order.booking": "ID-ul rezervării",
  "order.sameRoute": "Toate comenzile acestei rute",

  "orders.tooMany": "Se potrivesc peste 1.000 de comenzi. Alegeți ziua plecării sau scrieți mai mult din nume.",
  "orders.tooShort": "Scrieți cel puțin 2 caractere.",

  "order.pdf": "Bilet, PDF",
} satisfies Translation<typeof en>;
