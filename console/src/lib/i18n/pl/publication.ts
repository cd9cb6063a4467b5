/** Polish: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Opublikować ten rozkład?",
  "timetable.publishText": "Zastąpi on Twój opublikowany rozkład. Sprzedane bilety zmieniają się razem ze swoimi kursami.",
  "timetable.publishConflict":
    "Nie można teraz opublikować: trwa publikacja innego rozkładu albo opublikowany zmienił się od sprawdzenia tego. Sprawdź go ponownie.",
  "timetable.gone": "Archiwum usunięto po upływie okresu przechowywania. Prześlij je ponownie.",
  "timetable.undoTitle": "Przywrócić poprzedni rozkład?",
  "timetable.undoText":
    "Rozkład, który zastąpiła ostatnia publikacja, zostanie opublikowany ponownie. Sprzedane bilety zmieniają się razem ze swoimi kursami. Kolejne cofnięcie przywróci rozkład obecny.",
  "timetable.undoConflict":
    "Nie ma poprzedniego rozkładu, trwa publikacja rozkładu albo zmienił się on od sprawdzenia. Otwórz to okno ponownie.",
  "timetable.undoChecking": "Sprawdzamy, co to zmieni",
} satisfies Translation<typeof en>;
