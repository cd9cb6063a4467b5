/** English: what a timetable changes for sold tickets. */
export default {
  "reason.SOLD_DEPARTURE": "trip “{trip}” on {day}, tickets sold: {tickets}",
  "reason.STOPS_NOT_SERVED": "its tickets use stops that it does not serve in this order any more",
  "reason.DAY_NOT_SERVED": "the trip does not run on this day any more",
  "reason.TRIP_GONE": "the trip has disappeared",
  "reason.MAY_BE_SOONER": "may be trip “{trip}” on {day}, which leaves {minutes} minutes sooner",
  "reason.MAY_BE_SAME": "may be trip “{trip}” on {day}, which leaves at the same time",
  "reason.MAY_BE_LATER": "may be trip “{trip}” on {day}, which leaves {minutes} minutes later",
  "reason.SEAT_MISSING": "trip “{trip}” on {day}: seat {seat} is sold, the bus has {seats}",
} as const;
