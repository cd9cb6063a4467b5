/** Polish: the states of an order, and its details. */
import type en from "../en/states";
import type { Translation } from "../translation";

export default {
  "status.Processing": "Oczekuje",
  "status.Confirmed": "Potwierdzone",
  "status.NotConfirmed": "Odrzucone",
  "status.Uncompleted": "Wygasło",
  "status.Canceled": "Anulowane",
  "status.Refund": "Zwrot środków",
  "payment.Unpaid": "Nieopłacone",
  "payment.Booked": "Płatność przy wsiadaniu",
  "payment.Prepaid": "Przedpłata",
  "payment.Paid": "Opłacone",
  "order.passenger": "Pasażer",
  "order.seat": "Miejsce",
  "order.phone": "Telefon",
  "order.reference": "Numer zamówienia",
  "order.print": "Drukuj",
} satisfies Translation<typeof en>;
