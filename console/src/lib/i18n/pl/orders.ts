/** Polish: orders. */
import type en from "../en/orders";
import type { Translation } from "../translation";

export default {
  "orders.title": "Zamówienia",
  "orders.count": {
    one: "{count} zamówienie",
    few: "{count} zamówienia",
    many: "{count} zamówień",
    other: "{count} zamówienia",
  },
  "orders.found": {
    one: "Znaleziono {count} zamówienie.",
    few: "Znaleziono {count} zamówienia.",
    many: "Znaleziono {count} zamówień.",
    other: "Znaleziono {count} zamówienia.",
  },
  "orders.search": "Szukaj",
  "orders.searchHint": "Nazwisko, telefon, e-mail lub numer",
  "orders.day": "Dzień odjazdu",
  "orders.status": "Status",
  "orders.payment": "Płatność",
  "orders.waiting": "Czekają na Ciebie",
  "orders.route": "Trasa",
  "orders.oneRoute": "Tylko jedna trasa",
  "orders.filters": "Filtry",
  "orders.clear": "Wyczyść filtry",
  "orders.none": "Nic nie pasuje",
  "orders.noneText": "Spróbuj mniej filtrów, innego dnia albo części nazwiska.",
  "orders.empty": "Nie ma jeszcze zamówień",
  "orders.emptyText": "Zamówienia pojawią się tutaj, gdy partner sprzeda miejsce w Twoim autobusie.",

  "order.departure": "Odjazd",
  "order.price": "Cena",
  "order.note": "Uwagi",
  "order.platform": "Stanowisko",
  "order.discount": "Zniżka",
  "order.prepaid": "Przedpłata",
  "order.refund": "Kwota zwrotu",
  "order.due": "Do zapłaty przy wsiadaniu",
  "order.sale": "Sprzedaż",
  "order.partner": "Sprzedawca",
  "order.created": "Utworzono",
  "order.id": "ID zamówienia",
  "order.booking": "ID rezerwacji",
  "order.sameRoute": "Wszystkie zamówienia tej trasy",

  "orders.tooMany": "Pasuje ponad 1000 zamówień. Wybierz dzień odjazdu albo wpisz więcej liter nazwiska.",
  "orders.tooShort": "Wpisz co najmniej 2 znaki.",

  "order.pdf": "Bilet, PDF",
} satisfies Translation<typeof en>;
