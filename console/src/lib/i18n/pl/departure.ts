/** Polish: departure. */
import type en from "../en/departure";
import type { Translation } from "../translation";

export default {
  "departure.title": "Kurs",
  "departure.manifest": "Lista pasażerów",
  "departure.onMap": "Autobus na mapie",
  "departure.position": "Pozycja {ago}",
  "departure.paid": "Opłacone",
  "departure.due": "Płatność przy wsiadaniu",
  "departure.numbers": "Bilety",

  "departure.stops": "Przystanki i zapełnienie",
  "departure.stopsHint": "Wybierz odcinek, aby zobaczyć jego miejsca.",
  "departure.boards": {
    one: "Wsiada: {count}",
    few: "Wsiada: {count}",
    many: "Wsiada: {count}",
    other: "Wsiada: {count}",
  },
  "departure.alights": {
    one: "Wysiada: {count}",
    few: "Wysiada: {count}",
    many: "Wysiada: {count}",
    other: "Wysiada: {count}",
  },
  "departure.seats": "Miejsca",
  "departure.seatsHint": "Po cztery w rzędzie, według numerów: platforma nie zna układu miejsc w tym autobusie.",
  "seat.free": "Wolne",
  "seat.paid": "Opłacone",
  "seat.board": "Płatność przy wsiadaniu",
  "seat.open": "Nieopłacone",
  "seat.elsewhere": "Tu wolne, sprzedane na innym odcinku",
  "seat.number": "Miejsce {seat}",

  "departure.passengers": {
    one: "{count} pasażer",
    few: "{count} pasażerów",
    many: "{count} pasażerów",
    other: "{count} pasażera",
  },
  "departure.who": "Pasażerowie",
  "departure.nobody": "Nie ma jeszcze pasażerów",
  "departure.nobodyText": "Pasażerowie pojawią się tutaj z pierwszym zamówieniem.",

  "departure.close": "Zamknij sprzedaż",
  "departure.reopen": "Otwórz sprzedaż",
  "departure.closeDone": "Sprzedaż jest zamknięta.",
  "departure.reopenDone": "Sprzedaż jest znów otwarta.",

  "manifest.pay": "Do zapłaty {sum}",
} satisfies Translation<typeof en>;
