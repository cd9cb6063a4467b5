/** English: the list of departures. */
export default {
  "departures.count": { one: "{count} departure", other: "{count} departures" },
  "departures.earlier": "Week before",
  "departures.later": "Week after",
  "departures.days": "Days of the week",
  "departures.week": "Whole week",
  "departures.goTo": "Go to a day",
  "departures.chosenRoute": "The chosen route",
  "departures.noneText": "Your timetable has none on these days.",
  "departures.noneOfRoute": "This route has none on these days.",
} as const;
