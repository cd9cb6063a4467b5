/** English: the dialogs of discounts. */
export default {
  "discounts.name": "Name",
  "discounts.nameHint": "Partners show it to passengers.",
  "discounts.amount": "Discount",
  "discounts.from": "First day of sale",
  "discounts.to": "Last day of sale",
  "discounts.openHint": "Leave empty for no limit.",
  "discounts.reversed": "The last day is before the first.",
  "discounts.daysTitle": "Days of “{name}”",
  "discounts.withdrawTitle": "Withdraw “{name}”?",
  "discounts.withdrawText":
    "It can no longer be used. Sold tickets keep their price and show it. This cannot be undone.",
  "discounts.created": "The discount “{name}” is created.",
  "discounts.changed": "The days of “{name}” are changed.",
  "discounts.withdrawn": "The discount “{name}” is withdrawn.",
  "discounts.taken": "Another discount has this name.",
} as const;
