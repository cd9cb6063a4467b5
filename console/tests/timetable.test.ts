import { describe, expect, it } from "vitest";

import { barOf, calendarOf, monthsOf, runsOf } from "../src/pages/timetable/seasons";

const season = (firstDay: string, lastDay: string) => ({ firstDay, lastDay });

describe("the calendar of seasons", () => {
  it("has whole months around them, without what ended long ago", () => {
    const seasons = [season("2026-11-20", "2027-03-31"), season("2026-06-01", "2026-09-30")];
    expect(calendarOf(seasons, "2026-06-10")).toEqual({ first: "2026-06-01", end: "2027-04-01" });
    expect(calendarOf(seasons, "2027-01-31")).toEqual({ first: "2026-12-01", end: "2027-04-01" });
    expect(calendarOf(seasons, "2030-01-31")).toEqual({ first: "2026-06-01", end: "2027-04-01" });
    expect(calendarOf([season("2026-06-10", "2046-06-10")], "2026-06-10").end).toBe("2028-06-01");
    expect(calendarOf([], "2026-12-31")).toEqual({ first: "2026-12-01", end: "2027-01-01" });
  });

  it("shows seasons from their first day to the end of their last one", () => {
    const calendar = { first: "2026-04-01", end: "2026-05-01" };
    expect(barOf(season("2026-04-01", "2026-04-30"), calendar)).toEqual({ x: 0, width: 100 });
    expect(barOf(season("2026-04-16", "2026-09-30"), calendar)).toEqual({ x: 50, width: 50 });
    expect(barOf(season("2026-01-01", "2026-03-31"), calendar)).toBeUndefined();
    expect(barOf(season("2026-05-01", "2026-05-31"), calendar)).toBeUndefined();
  });

  it("names at most six months", () => {
    const months = monthsOf({ first: "2026-06-01", end: "2028-06-01" });
    expect(months).toHaveLength(24);
    expect(months.filter(({ isNamed }) => isNamed).map(({ month }) => month)).toEqual([
      "2026-06-01",
      "2026-10-01",
      "2027-02-01",
      "2027-06-01",
      "2027-10-01",
      "2028-02-01",
    ]);
  });
});

it("joins three or more weekdays that follow each other", () => {
  expect(runsOf([5, 1, 2, 3])).toEqual([[1, 3], [5, 5]]);
  expect(runsOf([6, 7])).toEqual([[6, 6], [7, 7]]);
  expect(runsOf([])).toEqual([]);
});
