/** Polish: usage. */
import type en from "../en/usage";
import type { Translation } from "../translation";

export default {
  "usage.title": "Wykorzystanie API",
  "usage.lead": "Suma ze wszystkich Twoich kluczy, według dni UTC. Może brakować ostatnich kilku sekund.",
  "usage.docs": "Dokumentacja API",
  "usage.period": "Okres",
  "usage.days": { one: "{count} dzień", few: "{count} dni", many: "{count} dni", other: "{count} dnia" },
  "usage.looks": "Wyszukiwania",
  "usage.bookings": "Rezerwacje",
  "usage.lookToBook": "Wyszukiwań na jedną rezerwację",
  "usage.paid": "Opłacone bilety",
  "usage.booked": "Bilety płatne przy wsiadaniu",
  "usage.canceled": "Anulowane bilety",
  "usage.requests": "Zapytania",
  "usage.limited": "Odrzucone (limit)",
  "usage.chart": "Wyszukiwania i rezerwacje według dni",
  "usage.most": "Najwięcej w ciągu dnia: {count}",
  "usage.table": "Liczby według dni",
  "usage.day": "Dzień",
  "usage.sum": "Razem",
  "usage.empty": "W tym okresie nie było zapytań",
  "usage.emptyText": "Liczby pojawią się z pierwszym zapytaniem jednego z Twoich kluczy.",
  "usage.limits": "Limity zapytań",
  "usage.limitsText": "Są wspólne dla wszystkich Twoich kluczy. Zapytanie ponad limit dostaje odpowiedź 429.",
  "usage.limit": "{quota} na {seconds} s",
  "class.catalogue": "Miasta i przystanki",
  "class.search": "Wyszukiwanie",
  "class.read": "Odczyt rezerwacji",
  "class.write": "Zmiany rezerwacji",
  "usage.old": "Stare API",
  "usage.oldText":
    "Ile wywołań /rest wykonują Twoje programy, czym je zastąpić i kiedy stare API zostanie dla Ciebie zamknięte.",
  "usage.move": "Migracja ze starego API",
} satisfies Translation<typeof en>;
