/** Czech: sending a timetable. */
import type en from "../en/sending";
import type { Translation } from "../translation";

export default {
  "timetable.sending": "Odesílá se {name}: {percent}",
  "timetable.leave": "Soubor se ještě odesílá. Pokud stránku opustíte, odesílání skončí. Opustit?",
  "timetable.sent": "Platforma ukládá {name} …",
  "timetable.notSent": "Soubor {name} nebyl odeslán. {reason}",
  "timetable.tooLarge": "Soubor je větší než 256 MB.",
  "timetable.notZip": "Toto není archiv ZIP.",
  "timetable.manyUploads": "Kontroluje se příliš mnoho jízdních řádů. Počkejte, až některá kontrola skončí.",
} satisfies Translation<typeof en>;
