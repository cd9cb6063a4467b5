/** Polish: what failures mean. */
import type en from "../en/failures";
import type { Translation } from "../translation";

export default {
  "failure.forbidden": "Twoja rola na to nie pozwala.",
  "failure.missing": "Nie ma czegoś takiego albo należy do innej firmy.",
  "failure.conflict": "W międzyczasie coś się zmieniło. Wczytaj stronę ponownie.",
  "failure.limited": "Za dużo zapytań. Poczekaj minutę i spróbuj ponownie.",
  "failure.signedOut": "Sesja została zakończona. Zaloguj się ponownie.",
  "failure.broken": "Coś poszło nie tak po naszej stronie.",
  "failure.invalid": "Platforma tego nie przyjmuje: {message}",
  "failure.email": "Na taki adres nie można wysłać wiadomości.",
  "failure.empty": "Wymagane pole jest puste.",
  "failure.length": "Tekst jest za krótki lub za długi.",
  "failure.range": "Liczba lub dzień wykracza poza dozwolony zakres.",
  "failure.form": "Wartość jest zapisana inaczej, niż oczekuje platforma.",
  "failure.credentials": "Zły e-mail lub hasło.",
  "failure.noAccess": "Twoje konto nie ma dostępu do żadnej firmy. Zwróć się do administratora swojej firmy.",
  "failure.orderConflict": "Zamówienie w międzyczasie się zmieniło i jego stan już na to nie pozwala.",
  "failure.departureClosed": "Tego dnia nie ma takiego kursu albo już odjechał.",
  "failure.seatsUnavailable": "W tym kursie nie ma dość wolnych miejsc.",
  "failure.reportNotReady": "Raport nie jest jeszcze gotowy.",
  "failure.requestId": "Dla pomocy technicznej: {id}",
  "common.copyFailed": "Przeglądarka nie pozwoliła na kopiowanie. Zaznacz tekst i skopiuj go samodzielnie.",
} satisfies Translation<typeof en>;
