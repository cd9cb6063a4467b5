import { describe, expect, it } from "vitest";

import { callsByDay, daysSince, inOrder, isCalled, stateOf, stepsOf } from "../src/pages/migration/progress";

const now = Date.parse("2027-01-31T12:00:00Z");
const operation = (name: string, days: [string, number][]) => ({
  operation: name,
  replacement: "",
  change: "",
  calls: days.reduce((sum, [, calls]) => sum + calls, 0),
  days: days.map(([day, calls]) => ({ day, calls })),
});

it.each([
  [true, null, "unused"],
  [true, "2027-01-31T11:00:00.000Z", "calling"],
  [true, "2027-01-01T12:00:01.000Z", "calling"],
  [true, "2027-01-01T12:00:00.000Z", "moved"],
  [false, null, "closed"],
  [false, "2027-01-31T11:00:00.000Z", "closed"],
] as const)("open %s with the last call at %s is %s", (open, lastCallAt, state) => {
  expect(stateOf({ open, lastCallAt }, now)).toBe(state);
});

it("counts whole days", () => {
  expect(daysSince("2027-01-30T12:00:01Z", now)).toBe(0);
  expect(daysSince("2027-01-30T12:00:00Z", now)).toBe(1);
});

describe("calls by day", () => {
  it("are those of 90 days in UTC, the last of which is today", () => {
    const calls = callsByDay([{ day: "2026-11-02", calls: 7 }, { day: "2026-11-03", calls: 1 }, { day: "2027-01-31", calls: 3 }], now);
    expect(calls).toHaveLength(90);
    expect([calls[0], calls[89]]).toEqual([1, 3]);
    expect(calls.reduce((sum, one) => sum + one, 0)).toBe(4);
  });

  it("mark what was called within 30 days", () => {
    expect(isCalled(operation("a", [["2027-01-02", 1]]), now)).toBe(true);
    expect(isCalled(operation("a", [["2027-01-01", 9]]), now)).toBe(false);
  });

  it("put what is still called first, then what was called most", () => {
    const operations = [
      operation("never", []),
      operation("long ago", [["2026-12-01", 90]]),
      operation("still", [["2027-01-30", 2]]),
      operation("still more", [["2027-01-20", 5]]),
    ];
    expect(inOrder(operations, now).map((one) => one.operation)).toEqual(["still more", "still", "long ago", "never"]);
  });
});

describe("the dates", () => {
  const migration = {
    deprecatedAt: "2026-12-01T00:00:00.000Z",
    sunsetAt: "2027-03-01T00:00:00.000Z",
    closesAt: "2027-03-01T00:00:00.000Z",
    guide: "",
    open: true,
    lastCallAt: null,
    operations: [],
  };

  it("come in their order", () => {
    expect(stepsOf(migration, now).map(({ name, isPast }) => [name, isPast])).toEqual([
      ["deprecatedAt", true],
      ["sunsetAt", false],
      ["closesAt", false],
    ]);
  });

  it("say that it closed before the announced end, if an administrator closed it", () => {
    const closed = { ...migration, open: false, closesAt: "2027-01-15T00:00:00.000Z" };
    expect(stepsOf(closed, now).map(({ name }) => name)).toEqual(["deprecatedAt", "closedAt", "sunsetAt"]);
  });
});
