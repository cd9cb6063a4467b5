/** Polish: the words of every page, and where those of each group of pages are. */
import base from "./base";
import type { Words } from "../translation";

export default {
  base,
  more: {
    account: () => import("./account"),
    buses: () => import("./buses"),
    departure: () => import("./departure"),
    departures: () => import("./departures"),
    failures: () => import("./failures"),
    invitation: () => import("./invitation"),
    keys: () => import("./keys"),
    migration: () => import("./migration"),
    ops: () => import("./ops"),
    order: () => import("./order"),
    orders: () => import("./orders"),
    partners: () => import("./partners"),
    people: () => import("./people"),
    reasons: () => import("./reasons"),
    reports: () => import("./reports"),
    rules: () => import("./rules"),
    signIn: () => import("./signIn"),
    timetable: () => import("./timetable"),
    today: () => import("./today"),
    usage: () => import("./usage"),
  },
} satisfies Words;
