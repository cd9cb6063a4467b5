/** English: partners. */
export default {
  "partners.title": "Partners",
  "partners.lead": "What each partner may do with your departures. Changes apply immediately; existing orders are not affected.",
  "partners.of": "What {partner} may do",
  "partners.changed": "Changed {at}",
  "partners.unchanged": "Never changed: everything is allowed",
  "partners.saved": "Saved for {partner}.",
  "partners.empty": "No partners yet",
  "access.SEARCH": "Search",
  "access.BOOK": "Book",
  "access.CANCEL": "Cancel",
} as const;
