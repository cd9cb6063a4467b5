/** English: departures. */
export default {
  "sale.OnSale": "On sale",
  "sale.Closed": "Sale closed",
  "sale.Withdrawn": "Not in the timetable",
  "sale.Over": "Departed",

  "departures.title": "Departures",
  "departures.none": "No departures",
  "departures.tooMany": "Only the first 1,000 departures are shown. Choose a day or a route.",

  "departure.time": "Departure",
  "departure.bus": "Bus",
  "departure.sold": "Sold",
  "departure.soldOf": "{sold} of {seats}",
  "departure.open": "Unpaid",
  "departure.processing": "To confirm",
  "departure.sale": "Sale",
  "departures.route": "Route",
} as const;
