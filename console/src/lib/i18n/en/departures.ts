/** English: departures. */
export default {
  "sale.OnSale": "On sale",
  "sale.Closed": "Sale closed",
  "sale.Withdrawn": "Not in the timetable",
  "sale.Over": "Left",

  "departures.title": "Departures",
  "departures.count": { one: "{count} departure", other: "{count} departures" },
  "departures.earlier": "Week before",
  "departures.later": "Week after",
  "departures.days": "Days of the week",
  "departures.week": "Whole week",
  "departures.goTo": "Go to a day",
  "departures.route": "Route",
  "departures.chosenRoute": "The chosen route",
  "departures.none": "No departures",
  "departures.noneText": "Your timetable has none on these days.",
  "departures.noneOfRoute": "This route has none on these days.",
  "departures.tooMany": "Only the first 1,000 departures are shown. Choose a day or a route.",

  "departure.time": "Departure",
  "departure.bus": "Bus",
  "departure.sold": "Sold",
  "departure.soldOf": "{sold} of {seats}",
  "departure.open": "Unpaid",
  "departure.processing": "To confirm",
  "departure.sale": "Sale",
} as const;
