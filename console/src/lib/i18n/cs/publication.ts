/** Czech: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Zveřejnit tento jízdní řád?",
  "timetable.publishText": "Nahradí váš zveřejněný jízdní řád. Prodané jízdenky se mění se svými spoji.",
  "timetable.publishConflict": "Teď zveřejnit nelze: zveřejňuje se jiný jízdní řád, nebo se tento mezitím změnil.",
  "timetable.gone": "Archiv byl po uplynutí doby uchování smazán. Nahrajte ho znovu.",
  "timetable.undoTitle": "Vrátit předchozí jízdní řád?",
  "timetable.undoText":
    "Znovu se zveřejní jízdní řád, který nahradilo poslední zveřejnění. Prodané jízdenky se mění se svými spoji. Dalším vrácením se obnoví dnešní jízdní řád.",
  "timetable.undoConflict": "Předchozí jízdní řád neexistuje, nebo se právě nějaký zveřejňuje.",
} satisfies Translation<typeof en>;
