/** Czech: departure. */
import type en from "../en/departure";
import type { Translation } from "../translation";

export default {
  "departure.title": "Spoj",
  "departure.manifest": "Seznam cestujících",
  "departure.onMap": "Autobus na mapě",
  "departure.position": "Poloha {ago}",
  "departure.paid": "Zaplaceno",
  "departure.due": "Platba při nástupu",
  "departure.numbers": "Jízdenky",

  "departure.stops": "Zastávky a obsazenost",
  "departure.stopsHint": "Vyberte úsek a uvidíte jeho sedadla.",
  "departure.boards": {
    one: "Nastupuje: {count}",
    few: "Nastupuje: {count}",
    many: "Nastupuje: {count}",
    other: "Nastupuje: {count}",
  },
  "departure.alights": {
    one: "Vystupuje: {count}",
    few: "Vystupuje: {count}",
    many: "Vystupuje: {count}",
    other: "Vystupuje: {count}",
  },
  "departure.seats": "Sedadla",
  "departure.seatsHint": "Po čtyřech v řadě, podle čísel: skutečné rozmístění sedadel v tomto autobusu platforma nezná.",
  "seat.free": "Volné",
  "seat.paid": "Zaplaceno",
  "seat.board": "Platba při nástupu",
  "seat.open": "Nezaplaceno",
  "seat.elsewhere": "Zde volné, prodané na jiném úseku",
  "seat.number": "Sedadlo {seat}",

  "departure.passengers": {
    one: "{count} cestující",
    few: "{count} cestující",
    many: "{count} cestujícího",
    other: "{count} cestujících",
  },
  "departure.who": "Cestující",
  "departure.nobody": "Zatím nikdo nejede",
  "departure.nobodyText": "Cestující se zde objeví s první objednávkou.",

  "departure.close": "Uzavřít prodej",
  "departure.reopen": "Znovu otevřít prodej",
  "departure.closeDone": "Prodej je uzavřen.",
  "departure.reopenDone": "Prodej je znovu otevřen.",

  "manifest.pay": "K zaplacení {sum}",
} satisfies Translation<typeof en>;
