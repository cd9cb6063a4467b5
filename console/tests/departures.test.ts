import { describe, expect, it } from "vitest";

import type { Departure, DepartureManifest, DepartureWithSeats } from "../src/lib/api/client";
import { dayIn, isDay, mondayOf } from "../src/lib/dates";
import { riders, toCollect } from "../src/pages/departures/boarding";
import { readEach, readPages } from "../src/pages/departures/read";
import { actOn, isUnderWay } from "../src/pages/departures/sale";
import { chosenSegment, stateOf, segments } from "../src/pages/departures/seats";
import { byDay, leavingOn, routesOf, shownDays, totals, weekOf } from "../src/pages/departures/week";
import { pageAt } from "../src/pages/routes";
import { needs } from "../src/pages/today/attention";

describe("days of the list", () => {
  it.each([
    ["", "2026-11-23", "2026-11-29", ""],
    ["day=2026-12-01", "2026-12-01", "2026-12-01", "2026-12-01"],
    ["week=2026-12-31", "2026-12-28", "2027-01-03", ""],
    // What is no day is as if it were not there.
    ["day=2026-02-30", "2026-11-23", "2026-11-29", ""],
    ["week=soon", "2026-11-23", "2026-11-29", ""],
  ])("%s is %s to %s", (query, from, to, day) => {
    expect(shownDays(new URLSearchParams(query), "2026-11-29")).toEqual({ from, to, day });
  });

  it("begin on Monday", () => {
    expect(["2026-11-29", "2026-11-30"].map(mondayOf)).toEqual(["2026-11-23", "2026-11-30"]);
    expect(weekOf("2026-12-31").at(-1)).toBe("2027-01-03");
    expect(["2028-02-29", "2026-02-29", "2026-2-1", "", "2026-11-29T00:00"].map(isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it("are those of the company", () => {
    const late = new Date("2026-11-29T22:30:00Z");
    expect(["Europe/Kyiv", "Europe/Prague", "UTC"].map((zone) => dayIn(late, zone))).toEqual([
      "2026-11-30",
      "2026-11-29",
      "2026-11-29",
    ]);
  });
});

const departure = (date: string, routeId: string, routeName: string) =>
  ({ date, routeId, routeName, tickets: { sold: 3 }, bus: { seats: 50 } }) as Departure;

it("groups departures by day, and names their routes once", () => {
  const all = [departure("2026-12-01", "b", "Ялта"), departure("2026-11-30", "a", "Єреван"), departure("2026-12-01", "a", "Єреван")];
  expect(byDay(all).map(([day, { length }]) => [day, length])).toEqual([
    ["2026-11-30", 1],
    ["2026-12-01", 2],
  ]);
  expect(routesOf(all, "uk").map(({ id }) => id)).toEqual(["a", "b"]);
  expect(totals(all)).toEqual({ sold: 9, seats: 150 });
});

it("reads all pages, and a departure that is on two of them once", async () => {
  const ids = Array.from({ length: 150 }, (_, i) => `dep_${i}`);
  const { departures } = await readPages(async (skip) => {
    // One that is added after the first page moves the others.
    const listed = skip === 0 ? ids : ["dep_new", ...ids];
    const page = listed.slice(skip, skip + 100).map((id) => ({ id }) as Departure);
    return { departures: page, total: listed.length };
  });
  expect(departures.map(({ id }) => id)).toEqual(ids);
});

it("reads each day up to a limit of its own, and says when a day has more", async () => {
  const dates = ["2026-11-29", "2026-11-30", "2026-12-01"];
  const read = (total: number) => async (date: string) => ({
    departures: ["dep_moved", `dep_${date}`].map((id) => ({ id }) as Departure),
    total,
  });
  const { departures, isCut } = await readEach(dates, read(1000));
  expect(departures.map(({ id }) => id)).toEqual(["dep_moved", ...dates.map((date) => `dep_${date}`)]);
  expect(isCut).toBe(false);
  const last = async (date: string) => read(date === dates[2] ? 1001 : 1)(date);
  expect((await readEach(dates, last)).isCut).toBe(true);
});

it("lists a bus that leaves after midnight on the day on which it leaves", () => {
  const leaves = (date: string, at: string) => ({ date, from: { at } }) as Departure;
  const all = [
    leaves("2026-11-29", "2026-11-29T23:50:00+02:00"),
    leaves("2026-11-30", "2026-11-30T06:00:00+02:00"),
    // 24:30 of the timetable.
    leaves("2026-11-29", "2026-11-30T00:30:00+02:00"),
    leaves("2026-11-30", "2026-12-01T00:10:00+02:00"),
  ];
  const times = (date: string) => leavingOn(all, date).map(({ from }) => from.at.slice(11, 16));
  expect(["2026-11-29", "2026-11-30", "2026-12-01"].map(times)).toEqual([["23:50"], ["00:30", "06:00"], ["00:10"]]);
});

describe("what can be done with the sale", () => {
  const closure = { closedAt: "", closedBy: "", closedByName: null, reason: null };
  it.each([
    ["OnSale", null, "close"],
    ["Closed", closure, "reopen"],
    ["Withdrawn", null, undefined],
    ["Withdrawn", closure, "reopen"],
    ["Over", null, undefined],
    ["Over", closure, undefined],
  ] as const)("%s, closed: %s", (saleStatus, closed, act) => {
    expect(actOn({ saleStatus, closure: closed })).toBe(act);
  });
});

it("knows whether the bus is under way", () => {
  const trip = { from: { at: "2026-11-29T18:00:00+02:00" }, to: { at: "2026-11-30T15:40:00+01:00" } } as Departure;
  const at = (iso: string) => isUnderWay(trip, Date.parse(iso));
  expect(at("2026-11-29T13:59:00Z")).toBe(false);
  expect(at("2026-11-29T14:00:00Z")).toBe(true);
  expect(at("2026-11-30T16:40:00Z")).toBe(true);
  expect(at("2026-11-30T16:41:00Z")).toBe(false);
});

describe("seats", () => {
  type Stop = DepartureWithSeats["stops"][number];
  const stops = [[0, 20], [3, 31], [7, 31], [9, 0]].map(([position, onBoard]) => ({ position, onBoard }) as Stop);
  const [first, second, third] = segments(stops);
  type Seat = DepartureWithSeats["seats"][number];
  const seat = (...taken: [number, number, string][]) =>
    ({ label: "1", taken: taken.map(([from, to, paymentStatus]) => ({ from, to, paymentStatus })) }) as Seat;

  it("are shown for the fullest segment, or for the one of the address", () => {
    const all = segments(stops);
    expect(chosenSegment(all, "")).toBe(all[1]);
    expect(chosenSegment(all, "7")).toBe(all[2]);
    // The last stop begins no segment.
    expect(chosenSegment(all, "9")).toBe(all[1]);
    expect(chosenSegment([], "")).toBe(undefined);
  });

  it.each([
    [seat(), ["free", "free", "free"]],
    [seat([0, 9, "Paid"]), ["paid", "paid", "paid"]],
    [seat([0, 3, "Paid"], [3, 7, "Unpaid"]), ["paid", "open", "elsewhere"]],
    [seat([3, 7, "Booked"]), ["elsewhere", "board", "elsewhere"]],
    // Where one boards need not be a stop that the plan shows.
    [seat([1, 8, "Prepaid"]), ["board", "board", "board"]],
  ])("%j on each segment", (one, states) => {
    expect([first!, second!, third!].map((segment) => stateOf(one, segment))).toEqual(states);
  });
});

it("adds up what drivers collect, to the cent", () => {
  const pay = (dueOnBoard: number, currency: string) => ({ payment: { dueOnBoard, currency } });
  const stops = [
    { passengers: [pay(0.1, "EUR"), pay(0, "UAH")] },
    { passengers: [pay(0.2, "EUR"), pay(450.5, "UAH")] },
  ] as unknown as DepartureManifest["stops"];
  expect(toCollect(stops)).toEqual([
    { currency: "EUR", amount: 0.3 },
    { currency: "UAH", amount: 450.5 },
  ]);
  expect(riders(stops)).toBe(4);
});

it("says what needs a person, and where it is", () => {
  const none = { awaitingConfirmation: 0, rejectedToday: 0, runningReports: 0, failedSchedules: 1 };
  const counts = { ...none, failedDeliveries: 2, rejectedTomorrow: 3, silentBuses: 1 };
  const days = ["2026-11-29", "2026-11-30"] as const;
  const all = needs(counts, days, () => true);
  expect(all.map(({ what, count, path }) => [what, count, path])).toEqual([
    ["failed", 2, "/today/messages"],
    ["rejectedTomorrow", 3, "/orders?status=NotConfirmed&day=2026-11-30"],
    ["silent", 1, "/buses?signal=silent"],
    ["schedules", 1, "/reports"],
  ]);
  const withoutBuses = needs({ ...counts, rejectedTomorrow: 0 }, days, () => false);
  expect(withoutBuses.map(({ what }) => what)).toEqual(["failed"]);
});

it.each([
  ["/departures", "/departures", undefined],
  ["/departures/dep_1_20261130", "/departures/:id", "dep_1_20261130"],
  ["/departures/dep_1_20261130/manifest", "/departures/:id/manifest", "dep_1_20261130"],
  ["/departures/dep_1/other", undefined, undefined],
  ["/departures/a%20b", undefined, undefined],
  ["/orders/ord_1", "/orders/:id", "ord_1"],
])("finds the page at %s", (path, page, id) => {
  const found = pageAt(path);
  expect([found?.page.path, found?.id]).toEqual([page, id]);
});
