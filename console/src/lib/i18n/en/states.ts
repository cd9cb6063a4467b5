/** English: the states of an order, and its details. */
export default {
  "status.Processing": "Waiting",
  "status.Confirmed": "Confirmed",
  "status.NotConfirmed": "Rejected",
  "status.Uncompleted": "Expired",
  "status.Canceled": "Canceled",
  "status.Refund": "Refunded",
  "payment.Unpaid": "Unpaid",
  "payment.Booked": "Pays when boarding",
  "payment.Prepaid": "Prepaid",
  "payment.Paid": "Paid",
  "order.passenger": "Passenger",
  "order.seat": "Seat",
  "order.phone": "Phone",
  "order.reference": "Order number",
  "order.print": "Print",
} as const;
