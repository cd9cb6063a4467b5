/** English: closing and reopening the sale. */
export default {
  "departure.closeTitle": "Close the sale of this departure?",
  "departure.closeText":
    "Nobody can buy a ticket for it from now on. Tickets that were sold stay valid and can still be paid.",
  "departure.reopenTitle": "Reopen the sale of this departure?",
  "departure.reopenText": "Partners find it again at once.",
  "departure.reason": "Reason",
  "departure.reasonHint": "Optional. It is kept in the history.",
  "departure.history": "History of the sale",
  "departure.closed": "Closed",
  "departure.reopened": "Reopened",
  "departure.you": "by you",
  "departure.colleague": "by a colleague",
} as const;
