/** Polish: account. */
import type en from "../en/account";
import type { Translation } from "../translation";

export default {
  "account.switchTo": "Przejdź",
  "account.here": "Jesteś tutaj",
  "account.workplaces": "Miejsca pracy",
  "account.sessions": "Sesje",
  "account.sessionsText": "Sesja kończy się po wylogowaniu albo po 30 dniach bez użycia.",
  "account.lastUsed": "Ostatnie użycie",
  "account.endsAt": "Kończy się",
  "account.signOutAll": "Wyloguj się wszędzie",
  "account.signOutAllTitle": "Wylogować się wszędzie?",
  "account.signOutAllText": "Wszystkie Twoje sesje zakończą się od razu, na każdym urządzeniu, także na tym.",
} satisfies Translation<typeof en>;
