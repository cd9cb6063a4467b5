/** Polish: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Przejdź",
  "account.here": "Jesteś tutaj",
  "account.workplaces": "Firmy i partnerzy",
  "account.sessions": "Sesje",
  "account.thisSession": "Ta",
  "account.browserUnknown": "Nieznana przeglądarka",
  "account.signedIn": "Logowanie {at}",
  "account.used": "użyto {ago}",
  "account.end": "Zakończ",
  "account.endTitle": "Zakończyć tę sesję?",
  "account.ended": "Sesja zakończona.",
  "account.endOthers": "Zakończ wszystkie inne",
  "account.endOthersTitle": "Zakończyć wszystkie inne sesje?",
  "account.endText": "Osoba korzystająca z tej sesji zostanie od razu wylogowana.",
  "account.othersEnded": "Wszystkie inne sesje zakończone.",
  "account.othersFailed": {
    one: "Nie udało się zakończyć {count} sesji. Spróbuj ponownie.",
    few: "Nie udało się zakończyć {count} sesji. Spróbuj ponownie.",
    many: "Nie udało się zakończyć {count} sesji. Spróbuj ponownie.",
    other: "Nie udało się zakończyć {count} sesji. Spróbuj ponownie.",
  },
  "account.sessionsText": "Sesja kończy się po wylogowaniu albo po 30 dniach bez użycia.",
  "account.signOutAll": "Wyloguj się wszędzie",
  "account.signOutAllTitle": "Wylogować się wszędzie?",
  "account.signOutAllText": "Wszystkie Twoje sesje zakończą się od razu, na każdym urządzeniu, także na tym.",
  "account.password": "Zmień hasło",
  "account.passwordText": "Wszystkie inne Twoje sesje się zakończą, ta trwa dalej.",
  "account.current": "Obecne hasło",
  "account.new": "Nowe hasło",
  "account.newHint": "Od 8 do 128 znaków. Zdanie jest lepsze niż słowo.",
  "account.wrong": "Obecne hasło jest nieprawidłowe.",
  "account.passwordChanged": "Hasło zmienione.",
} satisfies Translation<typeof en>;
