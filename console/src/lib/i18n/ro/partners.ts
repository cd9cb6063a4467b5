/** Romanian: partners. */
import type en from "../en/partners";
import type { Translation } from "../translation";

export default {
  "partners.title": "Parteneri",
  "partners.lead": "Ce poate face fiecare partener cu plecările dvs. Modificarea contează imediat; comenzile vândute rămân.",
  "partners.of": "Ce poate face {partner}",
  "partners.changed": "Modificat {at}",
  "partners.unchanged": "Niciodată modificat: totul este permis",
  "partners.saved": "Salvat pentru {partner}.",
  "partners.empty": "Încă nu există parteneri",
  "access.SEARCH": "Caută",
  "access.BOOK": "Rezervă",
  "access.CANCEL": "Anulează",
} satisfies Translation<typeof en>;
