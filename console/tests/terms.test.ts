import { describe, expect, it } from "vitest";

import { failureOf } from "../src/lib/api/failure";
import { stepAfter } from "../src/pages/invitation/step";
import { isLastAdmin } from "../src/pages/people/roles";
import { phase } from "../src/pages/rules/phase";
import { applying, hasTwice, isWhole, lineOf, outline, refund, ruleOf, span, type Tier } from "../src/pages/rules/refund";
import { barAt, bars, firstDay, period } from "../src/pages/usage/chart";

const tiers: Tier[] = [
  { hours: 24, value: 50, unit: "%" },
  { hours: 72, value: 90, unit: "%" },
  { hours: 2, value: 100, unit: "UAH" },
];

describe("refunds", () => {
  it.each([
    [100, 450],
    [72, 450],
    [71, 250],
    [24, 250],
    [23, 100],
    [2, 100],
    [1, 0],
  ])("%d hours before boarding, %d of 500 come back", (hours, amount) =>
    expect(refund(applying(tiers, hours), 500, "UAH")).toBe(amount),
  );

  it("round half a cent up, and give at most the price", () => {
    expect(refund({ hours: 0, value: 50, unit: "%" }, 0.05, "EUR")).toBe(0.03);
    expect(refund({ hours: 0, value: 33.33, unit: "%" }, 1000, "UAH")).toBe(333.3);
    expect(refund({ hours: 0, value: 100, unit: "UAH" }, 60, "UAH")).toBe(60);
    expect(refund({ hours: 0, value: 100, unit: "UAH" }, 60, "EUR")).toBeUndefined();
  });

  it("are the same as lines and as rules", () => {
    const rule = { id: "rfr_1", hours: 48, percent: null, amount: 10, currency: "EUR" as const };
    expect(ruleOf(lineOf(rule))).toEqual({ hours: 48, amount: 10, currency: "EUR" });
    expect(ruleOf(lineOf({ ...rule, percent: 75, amount: null, currency: null }))).toEqual({ hours: 48, percent: 75 });
  });

  it("are checked while they are written", () => {
    expect(isWhole({ hours: null, value: 1, unit: "%" })).toBe(false);
    expect(hasTwice([{ hours: null, value: 1, unit: "%" }, { hours: null, value: 1, unit: "%" }])).toBe(false);
    expect(hasTwice([...tiers, { hours: 24, value: null, unit: "%" }])).toBe(true);
  });

  it("are drawn as steps that end at boarding", () => {
    expect(span([])).toBe(36);
    expect(span(tiers)).toBe(96);
    expect(outline([], 36, 500, "UAH")).toBe("M0 40V39.00H100V40Z");
    expect(outline([{ hours: 18, value: 100, unit: "%" }], 36, 500, "UAH")).toBe("M0 40V1.00H50.00V39.00H100V40Z");
  });
});

it("knows whether a discount applies on a day of the company", () => {
  const days = { startDate: "2026-06-01", endDate: "2026-06-30" };
  expect(["2026-05-31", "2026-06-01", "2026-06-30", "2026-07-01"].map((day) => phase(days, day))).toEqual([
    "coming",
    "active",
    "active",
    "ended",
  ]);
  expect(phase({ startDate: null, endDate: null }, "2026-01-01")).toBe("active");
});

describe("an invitation", () => {
  const refused = (status: number, code: string, details = {}) =>
    failureOf(status, { errors: [{ message: "m", code, errorCode: code, details }] }, null);

  it("asks a new user for their name, and ends if the invitation is over", () => {
    const missing = refused(400, "VALIDATION_ERROR", { field: "firstName", constraint: "required" });
    expect(stepAfter("ask", missing)).toBe("newcomer");
    expect(stepAfter("newcomer", missing)).toBe("newcomer");
    expect(stepAfter("ask", refused(410, "GONE"))).toBe("look");
    expect(stepAfter("newcomer", refused(410, "GONE"))).toBe("look");
    expect(stepAfter("ask", refused(404, "NOT_FOUND"))).toBe("unknown");
    expect(stepAfter("ask", refused(429, "RATE_LIMITED"))).toBe("ask");
    expect(stepAfter("accepted", refused(401, "INVALID_CREDENTIALS"))).toBe("accepted");
  });
});

it("knows the only administrator who can sign in", () => {
  const admin = { id: "usr_1", role: "ADMIN", disabled: false };
  const other = { id: "usr_2", role: "ADMIN", disabled: true };
  expect(isLastAdmin("usr_1", [admin, other, { id: "usr_3", role: "MANAGER", disabled: false }])).toBe(true);
  expect(isLastAdmin("usr_2", [admin, other])).toBe(false);
  expect(isLastAdmin("usr_1", [admin, { ...other, disabled: false }])).toBe(false);
});

describe("usage", () => {
  it("is drawn as bars, the highest as high as the box, and the smallest seen", () => {
    const drawn = bars([0, 1, 1000]);
    expect(drawn.map(({ height }) => height)).toEqual([0, 0.8, 40]);
    expect(drawn[2]!.x + drawn[2]!.width).toBeLessThanOrEqual(100);
    expect([barAt(-0.1, 3), barAt(0.34, 3), barAt(1, 3)]).toEqual([0, 1, 2]);
  });

  it("is asked for days that end today, in UTC", () => {
    expect(["7", "90", "8", "", null].map(period)).toEqual([7, 90, 30, 30, 30]);
    expect(firstDay(7, Date.parse("2026-06-10T23:30:00Z"))).toBe("2026-06-04");
  });
});
