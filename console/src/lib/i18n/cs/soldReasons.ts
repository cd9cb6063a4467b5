/** Czech: what a timetable changes for sold tickets. */
import type en from "../en/soldReasons";
import type { Translation } from "../translation";

export default {
  "reason.SOLD_DEPARTURE": "spoj „{trip}“, {day}, prodaných jízdenek: {tickets}",
  "reason.STOPS_NOT_SERVED": "spoj už v tomto pořadí neobsluhuje zastávky, na které byly prodány jízdenky",
  "reason.DAY_NOT_SERVED": "spoj už v tento den nejezdí",
  "reason.TRIP_GONE": "spoj z jízdního řádu zmizel",
  "reason.MAY_BE_SOONER": "může to být spoj „{trip}“, {day}, který odjíždí o {minutes} min dříve",
  "reason.MAY_BE_SAME": "může to být spoj „{trip}“, {day}, který odjíždí ve stejnou dobu",
  "reason.MAY_BE_LATER": "může to být spoj „{trip}“, {day}, který odjíždí o {minutes} min později",
  "reason.SEAT_MISSING": "spoj „{trip}“, {day}: prodáno sedadlo {seat}, autobus má sedadel {seats}",
} satisfies Translation<typeof en>;
