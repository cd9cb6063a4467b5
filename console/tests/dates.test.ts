import { describe, expect, it } from "vitest";

import { addDays, daysBetween, freshness, relative } from "../src/lib/dates";
import { spanOf } from "../src/pages/reports/preset";

describe("days of reports", () => {
  it.each([
    // A Saturday.
    ["2026-11-28", "yesterday", "2026-11-27", "2026-11-27"],
    ["2026-11-28", "thisWeek", "2026-11-23", "2026-11-29"],
    ["2026-11-28", "lastWeek", "2026-11-16", "2026-11-22"],
    ["2026-11-28", "nextWeek", "2026-11-28", "2026-12-04"],
    ["2026-11-28", "thisMonth", "2026-11-01", "2026-11-30"],
    ["2026-11-28", "lastMonth", "2026-10-01", "2026-10-31"],
    // Monday and Sunday are of the same week; the year ends within it.
    ["2026-12-28", "thisWeek", "2026-12-28", "2027-01-03"],
    ["2027-01-03", "lastWeek", "2026-12-21", "2026-12-27"],
    ["2027-01-01", "yesterday", "2026-12-31", "2026-12-31"],
    ["2027-01-31", "lastMonth", "2026-12-01", "2026-12-31"],
    ["2028-03-15", "lastMonth", "2028-02-01", "2028-02-29"],
  ] as const)("on %s, %s is %s to %s", (today, preset, from, to) => {
    expect(spanOf(preset, today)).toEqual({ from, to });
  });

  it("counts over the changes of the clock", () => {
    expect(addDays("2026-10-24", 2)).toBe("2026-10-26");
    expect(daysBetween("2026-03-01", "2026-04-01")).toBe(31);
    expect(daysBetween("2026-04-01", "2026-03-31")).toBe(-1);
  });
});

describe("the age of a position", () => {
  const now = Date.parse("2026-11-28T12:00:00Z");
  it.each([
    ["2026-11-28T11:59:00Z", "live", { value: -60 / 60, unit: "minute" }],
    ["2026-11-28T11:59:30Z", "live", { value: -30, unit: "second" }],
    ["2026-11-28T11:50:00Z", "recent", { value: -10, unit: "minute" }],
    ["2026-11-28T11:30:00Z", "silent", { value: -30, unit: "minute" }],
    ["2026-11-28T02:01:00Z", "silent", { value: -9, unit: "hour" }],
    ["2026-11-25T12:00:00Z", "silent", { value: -3, unit: "day" }],
    // The clock of a tracker may be ahead.
    ["2026-11-28T12:00:05Z", "live", { value: 5, unit: "second" }],
  ] as const)("%s is %s", (recordedAt, state, age) => {
    expect(freshness(recordedAt, now)).toBe(state);
    expect(relative(recordedAt, now)).toEqual(age);
  });
});
