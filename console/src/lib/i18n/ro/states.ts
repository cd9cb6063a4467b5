/** Romanian: the states of an order, and its details. */
import type en from "../en/states";
import type { Translation } from "../translation";

export default {
  "status.Processing": "În așteptare",
  "status.Confirmed": "Confirmată",
  "status.NotConfirmed": "Respinsă",
  "status.Uncompleted": "Expirată",
  "status.Canceled": "Anulată",
  "status.Refund": "Rambursată",
  "payment.Unpaid": "Neplătită",
  "payment.Booked": "Plată la îmbarcare",
  "payment.Prepaid": "Avans",
  "payment.Paid": "Plătită",
  "order.passenger": "Pasager",
  "order.seat": "Loc",
  "order.phone": "Telefon",
  "order.reference": "Numărul comenzii",
  "order.print": "Tipărește",
} satisfies Translation<typeof en>;
