/** Russian: what a timetable changes for sold tickets. */
import type en from "../en/soldReasons";
import type { Translation } from "../translation";

export default {
  "reason.SOLD_DEPARTURE": "рейс «{trip}», {day}, продано билетов: {tickets}",
  "reason.STOPS_NOT_SERVED": "рейс больше не обслуживает в этом порядке остановки, на которые проданы билеты",
  "reason.DAY_NOT_SERVED": "рейс больше не выполняется в этот день",
  "reason.TRIP_GONE": "рейс исчез из расписания",
  "reason.MAY_BE_SOONER": "возможно, это рейс «{trip}», {day}, который отправляется раньше на {minutes} мин",
  "reason.MAY_BE_SAME": "возможно, это рейс «{trip}», {day}, который отправляется в то же время",
  "reason.MAY_BE_LATER": "возможно, это рейс «{trip}», {day}, который отправляется позже на {minutes} мин",
  "reason.SEAT_MISSING": "рейс «{trip}», {day}: продано место {seat}, а в автобусе мест {seats}",
} satisfies Translation<typeof en>;
