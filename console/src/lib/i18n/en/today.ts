/** English: today. */
export default {
  "today.title": "Today",
  "today.attention": "Needs your attention",
  "today.calm": "Nothing needs your attention now.",
  "today.failed": { one: "{count} message not delivered", other: "{count} messages not delivered" },
  "today.waiting": { one: "{count} order waits for you", other: "{count} orders wait for you" },
  "today.rejectedToday": { one: "{count} order for today rejected", other: "{count} orders for today rejected" },
  "today.rejectedTomorrow": {
    one: "{count} order for tomorrow rejected",
    other: "{count} orders for tomorrow rejected",
  },
  "today.silent": { one: "{count} bus is silent", other: "{count} buses are silent" },
  "today.schedules": { one: "{count} scheduled report failed", other: "{count} scheduled reports failed" },
  "today.reports": "Reports in progress",
  "today.soldOf": "Sold {sold} of {seats}",
  "today.noneToday": "No departures today",
  "today.noneTomorrow": "No departures tomorrow",

  "messages.title": "Messages not delivered",
  "messages.lead":
    "To passengers who have not boarded yet. Correct the address and send the ticket again, or call them.",
  "messages.departs": "Boards {at}.",
  "messages.again": "Sent again",
  "messages.none": "All messages are delivered",
  "messages.noneText": "Nobody is waiting for a message.",
} as const;
