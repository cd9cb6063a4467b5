import { describe, expect, it } from "vitest";

import { addresses, dialectOf, nameOf, PERIODS, presetOf, WEEKDAYS } from "../src/pages/reports/schedule";
import { spanOf } from "../src/pages/reports/preset";

describe("a scheduled report", () => {
  it("takes addresses as people type them", () => {
    expect(addresses(" a@example.com,b@example.com;\n c@example.com\n\n")).toEqual([
      "a@example.com",
      "b@example.com",
      "c@example.com",
    ]);
    expect(addresses(" \n")).toEqual([]);
  });

  it("names the days of the week from Monday on", () => {
    expect(WEEKDAYS.map((day) => nameOf(day, "short"))).toEqual(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
  });

  it("shows the CSV format that writes the same cells, else the same delimiter", () => {
    expect(dialectOf({ delimiter: ";", decimal: "," })).toBe("semicolon");
    expect(dialectOf({ delimiter: ",", decimal: "." })).toBe("comma");
    expect(dialectOf({ delimiter: "tab", decimal: "." })).toBe("tab");
  });

  it("covers days that the page knows by a preset", () => {
    const days = PERIODS.map((period) => spanOf(presetOf(period), "2026-12-02"));
    expect(days[3]).toEqual({ from: "2026-12-02", to: "2026-12-08" });
    expect(new Set(days.map(({ from, to }) => `${from} ${to}`)).size).toBe(PERIODS.length);
  });
});
