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
  "account.switch": "Przejdź do",
  "account.language": "Język",
  "account.theme": "Wygląd",
  "account.signOut": "Wyloguj się",
  "theme.system": "Jak w systemie",
  "theme.light": "Jasny",
  "theme.dark": "Ciemny",

  "forbidden.title": "Nie dla Twojej roli",
  "forbidden.text": "Twoja rola nie daje dostępu do tej strony. Może to zmienić administrator Twojej firmy.",
  "notFound.title": "Nie ma takiej strony",
  "notFound.text": "Adres może zawierać błąd albo pochodzić ze starszej wersji.",
  "notFound.home": "Na początek",

  "failure.offline": "Brak połączenia z platformą. Sprawdź swoje połączenie.",
  "failure.update": "Nie udało się wczytać strony. Może jest nowsza wersja: wczytaj ponownie.",

  "nav.ops": "Kolejki",
  "nav.jobs": "Nieudane zadania",
  "nav.story": "Przebieg",
  "nav.members": "Partnerzy",
  "nav.audit": "Dziennik",
} satisfies Translation<typeof en>;
