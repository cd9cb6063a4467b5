/** Polish: keys. */
import type en from "../en/keys";
import type { Translation } from "../translation";

export default {
  "keys.title": "Klucze API",
  "keys.lead": "Kluczem loguje się Twój program. Trzymaj go na swoim serwerze; podczas wymiany może działać kilka.",
  "keys.docs": "Dokumentacja API",
  "keys.create": "Nowy klucz",
  "keys.name": "Nazwa",
  "keys.nameHint": "Do czego jest ten klucz.",
  "keys.once": "To jest klucz. Nie zostanie pokazany ponownie: skopiuj go teraz.",
  "keys.copy": "Kopiuj klucz",
  "keys.copied": "Klucz skopiowany.",
  "keys.kept": "Klucz zachowany",
  "keys.created": "Utworzono {at}",
  "keys.used": "Użyto {ago}",
  "keys.unused": "Nigdy nie użyto",
  "keys.revoke": "Unieważnij",
  "keys.revokeTitle": "Unieważnić klucz „{name}”?",
  "keys.revokeText": "Każde późniejsze zapytanie z nim zostanie odrzucone. Tego nie można cofnąć.",
  "keys.revoked": "Klucz „{name}” unieważniony.",
  "keys.revokedAt": "Unieważniono {at}",
  "keys.empty": "Nie ma jeszcze kluczy",
  "keys.emptyText": "Utwórz klucz dla swojego sklepu lub aplikacji.",
  "keys.made": "Nowy klucz: {name}",
  "keys.environment.staging": "środowisko testowe",
  "keys.environment.production": "środowisko produkcyjne",
} satisfies Translation<typeof en>;
