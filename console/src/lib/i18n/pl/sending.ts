/** Polish: sending a timetable. */
import type en from "../en/sending";
import type { Translation } from "../translation";

export default {
  "timetable.sending": "Wysyłanie {name}: {percent}",
  "timetable.leave": "Plik jest jeszcze wysyłany. Opuszczenie strony przerwie wysyłanie. Opuścić?",
  "timetable.sent": "Platforma zapisuje {name} …",
  "timetable.notSent": "Nie wysłano {name}. {reason}",
  "timetable.tooLarge": "Plik jest większy niż 256 MB.",
  "timetable.notZip": "To nie jest archiwum ZIP.",
  "timetable.manyUploads": "Sprawdzanych jest zbyt wiele rozkładów. Poczekaj, aż zakończy się jedno ze sprawdzeń.",
} satisfies Translation<typeof en>;
