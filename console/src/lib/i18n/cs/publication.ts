/** Czech: publishing a timetable, and undoing that. */
import type en from "../en/publication";
import type { Translation } from "../translation";

export default {
  "timetable.publishTitle": "Zveřejnit tento jízdní řád?",
  "timetable.publishText": "Nahradí váš zveřejněný jízdní řád. Prodané jízdenky se mění se svými spoji.",
  "timetable.publishConflict":
    "Teď zveřejnit nelze: zveřejňuje se jiný jízdní řád, nebo se zveřejněný od kontroly tohoto změnil. Zkontrolujte ho znovu.",
  "timetable.gone": "Archiv byl po uplynutí doby uchování smazán. Nahrajte ho znovu.",
  "timetable.undoTitle": "Vrátit předchozí jízdní řád?",
  "timetable.undoText":
    "Znovu se zveřejní jízdní řád, který nahradilo poslední zveřejnění. Prodané jízdenky se mění se svými spoji. Dalším vrácením se obnoví dnešní jízdní řád.",
  "timetable.undoConflict":
    "Předchozí jízdní řád neexistuje, právě se nějaký zveřejňuje, nebo se od kontroly změnil. Otevřete toto okno znovu.",
  "timetable.undoChecking": "Kontroluje se, co by to změnilo",
} satisfies Translation<typeof en>;
