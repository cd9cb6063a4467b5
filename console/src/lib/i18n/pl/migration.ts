/** Polish: migration. */
import type en from "../en/migration";
import type { Translation } from "../translation";

export default {
  "migration.title": "Migracja ze starego API",
  "migration.lead":
    "/v2 zastępuje stare API pod adresem /rest. Dni według UTC; może brakować wywołań z ostatnich kilku sekund.",
  "migration.guide": "Przewodnik migracji",
  "migration.docs": "Dokumentacja API",
  "migration.unused": "Twoje programy nigdy nie wywołały starego API.",
  "migration.unusedText": "Nie musisz niczego zmieniać. Stare API zostanie dla Ciebie zamknięte {day}.",
  "migration.moved": {
    one: "Twoje programy nie wywołują starego API od {count} dnia.",
    few: "Twoje programy nie wywołują starego API od {count} dni.",
    many: "Twoje programy nie wywołują starego API od {count} dni.",
    other: "Twoje programy nie wywołują starego API od {count} dnia.",
  },
  "migration.movedText":
    "Migracja zakończona. Stare API zostanie dla Ciebie zamknięte {day}, jeśli nie będzie kolejnych wywołań.",
  "migration.calling": "Twoje programy nadal wywołują stare API.",
  "migration.callingText":
    "Ostatnie wywołanie: {ago}. Stare API zostanie dla Ciebie zamknięte {day}, jeśli nie będzie kolejnych wywołań.",
  "migration.closed": "Stare API jest dla Ciebie zamknięte od {day}.",
  "migration.closedText": "Na każde wywołanie /rest przychodzi odpowiedź 410.",
  "migration.rule":
    "Stare API zostaje dla Ciebie zamknięte po ogłoszonym terminie, gdy Twoje programy nie wywołują go przez 30 dni.",
  "migration.dates": "Terminy",
  "migration.deprecatedAt": "Uznanie za przestarzałe",
  "migration.sunsetAt": "Ogłoszony koniec",
  "migration.closesAt": "Zamknięcie dla Ciebie",
  "migration.closedAt": "Zamknięte dla Ciebie",
  "migration.operations": "Operacje starego API",
  "migration.operation": "Stara operacja",
  "migration.replacement": "Zamiennik",
  "migration.change": "Co zmienić",
  "migration.calls": "Wywołania w 90 dni",
  "migration.still": "Nadal wywoływana",
  "migration.none": "Brak wywołań",
  "migration.last": "Ostatnio: {day}; najwięcej w ciągu dnia: {count}",
  "migration.empty": "Brak wywołań starego API",
  "migration.emptyText": "Tutaj pojawiłyby się wywołania /rest i operacje, które je zastępują.",
} satisfies Translation<typeof en>;
