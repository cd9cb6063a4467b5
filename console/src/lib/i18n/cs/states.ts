/** Czech: the states of an order, and its details. */
import type en from "../en/states";
import type { Translation } from "../translation";

export default {
  "status.Processing": "Čeká",
  "status.Confirmed": "Potvrzeno",
  "status.NotConfirmed": "Odmítnuto",
  "status.Uncompleted": "Vypršelo",
  "status.Canceled": "Zrušeno",
  "status.Refund": "Vráceno",
  "payment.Unpaid": "Nezaplaceno",
  "payment.Booked": "Platba při nástupu",
  "payment.Prepaid": "Záloha",
  "payment.Paid": "Zaplaceno",
  "order.passenger": "Cestující",
  "order.seat": "Sedadlo",
  "order.phone": "Telefon",
  "order.reference": "Číslo objednávky",
  "order.print": "Tisk",
} satisfies Translation<typeof en>;
