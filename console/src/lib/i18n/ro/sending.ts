/** Romanian: sending a timetable. */
import type en from "../en/sending";
import type { Translation } from "../translation";

export default {
  "timetable.sending": "Se trimite {name}: {percent}",
  "timetable.leave": "Fișierul se trimite încă. Dacă părăsiți pagina, trimiterea se oprește. Părăsiți?",
  "timetable.sent": "Platforma salvează {name} …",
  "timetable.notSent": "{name} nu a fost trimis. {reason}",
  "timetable.tooLarge": "Fișierul este mai mare de 256 MB.",
  "timetable.notZip": "Aceasta nu este o arhivă ZIP.",
  "timetable.manyUploads": "Se verifică prea multe orare. Așteptați până se termină una dintre verificări.",
} satisfies Translation<typeof en>;
