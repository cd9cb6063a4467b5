/** Romanian: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Publicați acest orar?",
  "timetable.publishText": "Înlocuiește orarul dvs. publicat. Biletele vândute își urmează plecările.",
  "timetable.publishConflict":
    "Nu poate fi publicat acum: se publică alt orar sau cel publicat s-a schimbat de la verificarea acestuia. Verificați-l din nou.",
  "timetable.gone": "Arhiva a fost ștearsă după perioada de păstrare. Încărcați-o din nou.",
  "timetable.undoTitle": "Readuceți orarul anterior?",
  "timetable.undoText":
    "Orarul pe care l-a înlocuit ultima publicare este publicat din nou. Biletele vândute își urmează plecările. O nouă anulare readuce orarul de acum.",
  "timetable.undoConflict":
    "Nu există un orar anterior, se publică un orar sau acesta s-a schimbat de la verificare. Deschideți din nou această fereastră.",
  "timetable.undoChecking": "Se verifică ce s-ar schimba",
} satisfies Translation<typeof en>;
