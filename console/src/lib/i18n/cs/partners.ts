/** Czech: partners. */
import type en from "../en/partners";
import type { Translation } from "../translation";

export default {
  "partners.title": "Partneři",
  "partners.lead": "Co každý partner smí dělat s vašimi spoji. Změna platí ihned; prodané objednávky zůstávají.",
  "partners.of": "Co smí {partner}",
  "partners.changed": "Změněno {at}",
  "partners.unchanged": "Nikdy nezměněno: vše je povoleno",
  "partners.saved": "Uloženo pro {partner}.",
  "partners.empty": "Zatím žádní partneři",
  "access.SEARCH": "Hledat",
  "access.BOOK": "Rezervovat",
  "access.CANCEL": "Rušit",
} satisfies Translation<typeof en>;
