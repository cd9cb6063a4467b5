/** Romanian: timetable. */
import type en from "../en/timetable";
import type { Translation } from "../translation";

export default {
  "timetable.title": "Orar",
  "timetable.lead": "Încărcați orarul în format GTFS, vedeți ce s-ar schimba și publicați-l.",
  "timetable.send": "Încarcă un orar",
  "timetable.drop": "Trageți aici un fișier GTFS",
  "timetable.choose": "Alege un fișier",
  "timetable.hint": "O arhivă ZIP de cel mult 256 MB. Întâi este doar verificată: nimic nu se schimbă până nu publicați orarul.",
  "timetable.stop": "Oprește trimiterea",

  "timetable.uploads": "Orare încărcate",
  "timetable.none": "Încă nu există orare încărcate",
  "timetable.noneText": "Poate că orarul dvs. a fost importat de platformă. Primul fișier încărcat este comparat cu acesta.",
  "timetable.kind.Upload": "Orar încărcat",
  "timetable.kind.Undo": "Orar anterior",
  "timetable.of.Upload": "Orarul din {moment}",
  "timetable.of.Undo": "Anularea din {moment}",
  "timetable.current": "Ultima publicare",
  "timetable.status.Checking": "Se verifică",
  "timetable.status.Ready": "Poate fi publicat",
  "timetable.status.Refused": "Refuzat",
  "timetable.status.Publishing": "Se publică",
  "timetable.status.Published": "Publicat",
  "timetable.status.Failed": "Eșuat",
  "timetable.phase.Waiting": "Își așteaptă rândul",
  "timetable.phase.Reading": "Se citesc fișierele",
  "timetable.phase.Comparing": "Se compară cu orarul publicat",
  "timetable.phase.Writing": "Se scriu modificările",
  "timetable.phase.Tickets": "Se actualizează biletele vândute",
  "timetable.phase.Done": "Gata",

  "timetable.undo": "Anulează publicarea",
} satisfies Translation<typeof en>;
