/** Polish: usage. */
import type en from "../en/usage";
import type { Translation } from "../translation";

export default {
  "usage.title": "Wykorzystanie API",
  "usage.lead": "Co zrobiły razem wszystkie Twoje klucze, według dni UTC. Może brakować ostatnich kilku sekund.",
  "usage.docs": "Dokumentacja API",
  "usage.period": "Okres",
  "usage.days": { one: "{count} dzień", few: "{count} dni", many: "{count} dni", other: "{count} dnia" },
  "usage.looks": "Wyszukiwania",
  "usage.bookings": "Rezerwacje",
  "usage.lookToBook": "Wyszukiwań na rezerwację",
  "usage.paid": "Opłacone bilety",
  "usage.booked": "Bilety płatne u kierowcy",
  "usage.canceled": "Anulowane bilety",
  "usage.requests": "Zapytania",
  "usage.limited": "Odrzucone, za dużo",
  "usage.chart": "Wyszukiwania i rezerwacje według dni",
  "usage.most": "Najwięcej w dniu: {count}",
  "usage.table": "Liczby według dni",
  "usage.day": "Dzień",
  "usage.sum": "Razem",
  "usage.empty": "W tym okresie nie było zapytań",
  "usage.emptyText": "Liczby pojawią się z pierwszym zapytaniem jednego z Twoich kluczy.",
  "usage.limits": "Limity zapytań",
  "usage.limitsText": "Są wspólne dla wszystkich Twoich kluczy. Na zapytanie ponad limit odpowiedź to 429.",
  "usage.limit": "{quota} na {seconds} s",
  "class.catalogue": "Miasta i przystanki",
  "class.search": "Wyszukiwanie",
  "class.read": "Rezerwacje, odczyt",
  "class.write": "Rezerwacje, zmiany",
  "usage.old": "Stare API",
  "usage.oldText":
    "Wywołania /rest, ich zamienniki i dzień, w którym zostanie dla Ciebie zamknięte, program odczytuje jednym z Twoich kluczy:",
  "usage.guide": "Przewodnik po przejściu",
} satisfies Translation<typeof en>;
