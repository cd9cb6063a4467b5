/** Polish: invitation. */
import type en from "../en/invitation";
import type { Translation } from "../translation";

export default {
  "invitation.title": "Masz zaproszenie",
  "invitation.to": "Zaproszenie do {place}",
  "invitation.lead": "{inviter} zaprasza Cię do pracy w PREXSELL dla {place}.",
  "invitation.role": "Rola",
  "invitation.until": "Ważne do",
  "invitation.expired": "Zaproszenie wygasło",
  "invitation.expiredText": "Było ważne do {at}. Poproś o nowe: {inviter}, {place}.",
  "invitation.withdrawn": "Zaproszenie wycofano",
  "invitation.withdrawnText":
    "Zaproszenie do {place} już nie obowiązuje albo zastąpił je późniejszy e-mail. Jeśli nie masz późniejszego, zapytaj osobę zapraszającą: {inviter}.",
  "invitation.used": "Zaproszenie już przyjęto",
  "invitation.usedText": "{email} ma już dostęp do {place}. Zaloguj się.",
  "invitation.accept": "Przyjmij zaproszenie",
  "invitation.incomplete": "Link jest niepełny",
  "invitation.incompleteText":
    "Otwórz go jeszcze raz z wiadomości albo skopiuj w całości, ze wszystkim, co jest po „#”.",
  "invitation.unknown": "Nie ma takiego zaproszenia",
  "invitation.unknownText":
    "Link mógł zostać ucięty. Skopiuj go w całości z wiadomości albo poproś o nowe zaproszenie.",
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
