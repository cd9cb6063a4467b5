/** Polish: partners. */
import type en from "../en/partners";
import type { Translation } from "../translation";

export default {
  "partners.title": "Partnerzy",
  "partners.lead": "Co każdy partner może robić z Twoimi kursami. Zmiana działa od razu; sprzedane zamówienia zostają.",
  "partners.of": "Co może {partner}",
  "partners.changed": "Zmieniono {at}",
  "partners.unchanged": "Nigdy nie zmieniano: wszystko dozwolone",
  "partners.saved": "Zapisano dla {partner}.",
  "partners.empty": "Nie ma jeszcze partnerów",
  "access.SEARCH": "Szukać",
  "access.BOOK": "Rezerwować",
  "access.CANCEL": "Anulować",
} satisfies Translation<typeof en>;
