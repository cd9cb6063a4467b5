/** Czech: the passenger list. */
import type en from "../en/manifest";
import type { Translation } from "../translation";

export default {
  "manifest.boarding": "Nástup",
  "manifest.collect": "Vybrat při nástupu",
  "manifest.printed": "Stav k {at}",
  "manifest.payment": "Platba",
  "manifest.paid": "Zaplaceno",
  "manifest.unconfirmed": "Zatím nepotvrzeno",
  "manifest.present": "Přítomnost",
  "manifest.driver": "Řidič",
} satisfies Translation<typeof en>;
