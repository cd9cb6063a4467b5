/** English: departure. */
export default {
  "departure.title": "Departure",
  "departure.manifest": "Passenger list",
  "departure.onMap": "Bus on the map",
  "departure.position": "Position {ago}",
  "departure.paid": "Paid",
  "departure.due": "To pay when boarding",
  "departure.numbers": "Tickets",

  "departure.stops": "Stops and load",
  "departure.stopsHint": "Choose a segment to see its seats.",
  "departure.boards": { one: "{count} boards", other: "{count} board" },
  "departure.alights": { one: "{count} alights", other: "{count} alight" },
  "departure.seats": "Seats",
  "departure.seatsHint": "Drawn four to a row, by number: the platform does not know the seating plan of this bus.",
  "seat.free": "Free",
  "seat.paid": "Paid",
  "seat.board": "Pays when boarding",
  "seat.open": "Unpaid",
  "seat.elsewhere": "Free here, sold on another segment",
  "seat.number": "Seat {seat}",

  "departure.passengers": { one: "{count} passenger", other: "{count} passengers" },
  "departure.who": "Passengers",
  "departure.nobody": "No passengers yet",
  "departure.nobodyText": "Passengers appear here with their first order.",

  "departure.close": "Close the sale",
  "departure.reopen": "Reopen the sale",
  "departure.closeDone": "The sale is closed.",
  "departure.reopenDone": "The sale is open again.",

  "manifest.pay": "Due {sum}",
} as const;
