/** Polish: base. */
import type en from "../en/base";
import type { Translation } from "../translation";

export default {
  "common.all": "Wszystkie",
  "common.back": "Wróć",
  "common.close": "Zamknij",
  "common.loading": "Wczytywanie …",
  "common.retry": "Spróbuj ponownie",
  "common.undo": "Cofnij",
  "common.today": "Dzisiaj",
  "common.tomorrow": "Jutro",
  "pager.label": "Strony listy",
  "pager.previous": "Wstecz",
  "pager.next": "Dalej",
  "pager.shown": "{from}–{to} z {total}",

  "nav.label": "Działy",
  "nav.home": "PREXSELL, początek",
  "nav.skip": "Przejdź do treści",
  "nav.today": "Dzisiaj",
  "nav.departures": "Kursy",
  "nav.timetable": "Rozkład jazdy",
  "nav.orders": "Zamówienia",
  "nav.reports": "Raporty",
  "nav.buses": "Autobusy",
  "nav.partners": "Partnerzy",
  "nav.keys": "Klucze API",
  "nav.rules": "Zasady i ceny",
  "nav.people": "Osoby",
  "nav.usage": "Wykorzystanie",
  "nav.migration": "Migracja",
  "nav.more": "Więcej",

  "common.email": "E-mail",

  "workplace.platform": "Platforma",
  "role.ADMIN": "Administrator",
  "role.MANAGER": "Menedżer",
  "role.DISPATCHER": "Dyspozytor",
  "role.ACCOUNTANT": "Księgowy",
  "role.OPERATOR": "Operator platformy",

  "account.menu": "Konto i ustawienia",
  "account.title": "Konto i sesje",

  "failure.offline": "Brak połączenia z platformą. Sprawdź swoje połączenie.",
  "failure.update": "Nie udało się wczytać strony. Może jest nowsza wersja: wczytaj ponownie.",

  "nav.ops": "Kolejki",
  "nav.jobs": "Nieudane zadania",
  "nav.story": "Przebieg",
  "nav.members": "Partnerzy",
  "nav.audit": "Dziennik",
  "notFound.home": "Na początek",
  "account.language": "Język",
  "account.signOut": "Wyloguj się",
} satisfies Translation<typeof en>;
