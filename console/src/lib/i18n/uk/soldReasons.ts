/** Ukrainian: what a timetable changes for sold tickets. */
import type en from "../en/soldReasons";
import type { Translation } from "../translation";

export default {
  "reason.SOLD_DEPARTURE": "рейс «{trip}», {day}, продано квитків: {tickets}",
  "reason.STOPS_NOT_SERVED": "рейс більше не обслуговує в цьому порядку зупинки, на які продано квитки",
  "reason.DAY_NOT_SERVED": "рейс більше не виконується в цей день",
  "reason.TRIP_GONE": "рейс зник із розкладу",
  "reason.MAY_BE_SOONER": "можливо, це рейс «{trip}», {day}, який відправляється раніше на {minutes} хв",
  "reason.MAY_BE_SAME": "можливо, це рейс «{trip}», {day}, який відправляється в той самий час",
  "reason.MAY_BE_LATER": "можливо, це рейс «{trip}», {day}, який відправляється пізніше на {minutes} хв",
  "reason.SEAT_MISSING": "рейс «{trip}», {day}: продано місце {seat}, а в автобусі місць {seats}",
} satisfies Translation<typeof en>;
