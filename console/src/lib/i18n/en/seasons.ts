/** English: the seasons of the published timetable. */
export default {
  "timetable.seasons": "Seasons of the published timetable",
  "timetable.noSeasons": "No timetable is published",
  "timetable.route": "Route",
  "timetable.days": "Service days",
  "timetable.daily": "daily",
  "timetable.dayCount": { one: "{count} day", other: "{count} days" },
  "timetable.tripCount": { one: "{count} trip", other: "{count} trips" },
  "timetable.noSeason": "No service days",
} as const;
