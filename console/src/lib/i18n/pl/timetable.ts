/** Polish: timetable. */
import type en from "../en/timetable";
import type { Translation } from "../translation";

export default {
  "timetable.title": "Rozkład jazdy",
  "timetable.lead": "Prześlij rozkład jazdy w formacie GTFS, sprawdź, co się zmieni, i opublikuj go.",
  "timetable.send": "Prześlij rozkład jazdy",
  "timetable.drop": "Upuść tutaj plik GTFS",
  "timetable.choose": "Wybierz plik",
  "timetable.hint": "Archiwum ZIP do 256 MB. Najpierw jest tylko sprawdzane: nic się nie zmieni, dopóki nie opublikujesz rozkładu.",
  "timetable.stop": "Przerwij wysyłanie",

  "timetable.uploads": "Przesłane rozkłady",
  "timetable.none": "Nie przesłano jeszcze rozkładu",
  "timetable.noneText": "Być może Twój rozkład zaimportowała platforma. Pierwszy przesłany plik zostanie z nim porównany.",
  "timetable.kind.Upload": "Przesłany rozkład",
  "timetable.kind.Undo": "Poprzedni rozkład",
  "timetable.of.Upload": "Rozkład z {moment}",
  "timetable.of.Undo": "Cofnięcie z {moment}",
  "timetable.current": "Ostatnia publikacja",
  "timetable.status.Checking": "Sprawdzany",
  "timetable.status.Ready": "Można opublikować",
  "timetable.status.Refused": "Odrzucony",
  "timetable.status.Publishing": "Publikowany",
  "timetable.status.Published": "Opublikowany",
  "timetable.status.Failed": "Nie udało się",
  "timetable.phase.Waiting": "Czeka na swoją kolej",
  "timetable.phase.Reading": "Odczytywanie plików",
  "timetable.phase.Comparing": "Porównywanie z opublikowanym rozkładem",
  "timetable.phase.Writing": "Zapisywanie zmian",
  "timetable.phase.Tickets": "Aktualizowanie sprzedanych biletów",
  "timetable.phase.Done": "Gotowe",

  "timetable.undo": "Cofnij publikację",
} satisfies Translation<typeof en>;
