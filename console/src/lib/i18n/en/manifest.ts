/** English: the passenger list. */
export default {
  "manifest.boarding": "Boarding",
  "manifest.collect": "To collect when boarding",
  "manifest.printed": "As of {at}",
  "manifest.payment": "Payment",
  "manifest.paid": "Paid",
  "manifest.unconfirmed": "Not confirmed yet",
  "manifest.present": "Here",
  "manifest.driver": "Driver",
} as const;
