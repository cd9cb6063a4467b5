/** Polish: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Masz zaproszenie",
  "invitation.lead": "Kto Cię zaprasza i dokąd, jest napisane w wiadomości, która Cię tu przywiodła.",
  "invitation.accept": "Przyjmij zaproszenie",
  "invitation.incomplete": "Link jest niepełny",
  "invitation.incompleteText":
    "Otwórz go jeszcze raz z wiadomości albo skopiuj w całości, ze wszystkim, co jest po „#”.",
  "invitation.unknown": "Nie ma takiego zaproszenia",
  "invitation.unknownText":
    "Link mógł zostać ucięty. Skopiuj go w całości z wiadomości albo poproś o nowe zaproszenie.",
  "invitation.over": "Zaproszenie już nie obowiązuje",
  "invitation.overText":
    "Zostało już przyjęte, wycofane albo ma ponad 7 dni. Jeśli je przyjąłeś lub przyjęłaś, zaloguj się; jeśli nie, poproś o nowe.",
  "invitation.newTitle": "O Tobie",
  "invitation.newText": "Twój adres jest tu nowy. Podaj, kim jesteś, i wybierz hasło.",
  "invitation.firstName": "Imię",
  "invitation.lastName": "Nazwisko",
  "invitation.passwordHint": "Od 8 do 128 znaków.",
  "invitation.join": "Przyjmij i zaloguj się",
  "invitation.name": "Tego imienia nie można użyć.",
  "invitation.acceptedTitle": "Witamy w {place}",
  "invitation.acceptedText": "Twoja rola: {role}.",
  "invitation.signInText": "Zaloguj się swoim dotychczasowym hasłem.",
  "invitation.replaces": "Zalogowany jest tu {email}. Twoje logowanie zakończy jego sesję.",
  "invitation.open": "Przejdź do {place}",
} satisfies Translation<typeof en>;
