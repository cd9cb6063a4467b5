/** Polish: the passenger list. */
import type en from "../en/manifest";
import type { Translation } from "../translation";

export default {
  "manifest.boarding": "Wsiadających",
  "manifest.collect": "Do pobrania przy wsiadaniu",
  "manifest.printed": "Stan z {at}",
  "manifest.payment": "Płatność",
  "manifest.paid": "Opłacone",
  "manifest.unconfirmed": "Jeszcze niepotwierdzone",
  "manifest.present": "Obecność",
  "manifest.driver": "Kierowca",
} satisfies Translation<typeof en>;
