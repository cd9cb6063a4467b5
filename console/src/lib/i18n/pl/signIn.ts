/** Polish: signIn. */
import type en from "../en/signIn";
import type { Translation } from "../translation";

export default {
  "signIn.title": "Logowanie",
  "signIn.lead": "Dla firm autobusowych i partnerów.",
  "signIn.password": "Hasło",
  "signIn.action": "Zaloguj się",
  "signIn.choose": "Gdzie dziś pracujesz?",
  "signIn.hello": "Witaj, {name}!",
  "signIn.other": "Zaloguj się jako ktoś inny",
  "signIn.or": "lub",
  "signIn.withGoogle": "Zaloguj się przez Google",
  "signIn.googleWait": "Logowanie …",
  "signIn.google.denied": "Logowanie przez Google zostało anulowane.",
  "signIn.google.expired":
    "Logowanie przez Google trwało zbyt długo lub zaczęło się w innej przeglądarce. Spróbuj ponownie.",
  "signIn.google.unknown":
    "Żaden użytkownik nie ma adresu e-mail tego konta Google. Wybierz konto, na które wysłano zaproszenie.",
  "signIn.google.away": "Logowanie przez Google teraz nie działa. Spróbuj później lub użyj hasła.",
  "signIn.about": "O PREXSELL",
} satisfies Translation<typeof en>;
