import { describe, expect, it } from "vitest";

import type { Access } from "../src/lib/api/client";
import { failureOf } from "../src/lib/api/failure";
import { addressOf } from "../src/lib/api/request";
import { safeNext } from "../src/lib/next";
import { holds, type Right } from "../src/lib/rights";
import { points } from "../src/pages/ops/sparkline";
import { pause } from "../src/pages/reports/poll";

const ALL = [
  "reports",
  "buses",
  "orders",
  "permissions",
  "terms",
  "keys",
  "usage",
  "people",
  "operate",
] as const satisfies readonly Right[];

it("knows the table of rights", () => {
  const held = (contextType: "COMPANY" | "PARTNER" | "PLATFORM", role: Access["role"]) =>
    ALL.filter((right) => holds({ contextType, role }, right));
  expect(held("COMPANY", "ADMIN")).toEqual(["reports", "buses", "orders", "permissions", "terms", "people"]);
  expect(held("COMPANY", "MANAGER")).toEqual(["reports", "buses", "orders", "terms"]);
  expect(held("COMPANY", "DISPATCHER")).toEqual(["buses", "orders"]);
  expect(held("COMPANY", "ACCOUNTANT")).toEqual(["reports"]);
  expect(held("PARTNER", "ADMIN")).toEqual(["keys", "usage", "people"]);
  expect(held("PARTNER", "MANAGER")).toEqual(["usage"]);
  expect(held("PARTNER", "DISPATCHER")).toEqual([]);
  expect(held("PLATFORM", "OPERATOR")).toEqual(["operate"]);
});

describe("where sign-in leads", () => {
  it.each(["/orders", "/orders/ord_1?x=/", "/reports?next=//x"])("%s is a page", (path) =>
    expect(safeNext(path)).toBe(path),
  );
  it.each([null, "", "orders", "//example.com", "/\\example.com", "https://example.com", "javascript:alert(1)"])(
    "%s is the start",
    (path) => expect(safeNext(path)).toBe("/"),
  );
});

it("writes the address of an operation", () => {
  expect(addressOf("/v2/orders/{id}", { path: { id: "ord_1/.." } })).toBe("/v2/orders/ord_1%2F..");
  const query = { search: "Ż & co", take: 50, skip: 0, status: undefined };
  expect(addressOf("/v2/orders", { query })).toBe("/v2/orders?search=%C5%BB+%26+co&take=50&skip=0");
});

it("makes a failure of every kind of response", () => {
  const body = { errors: [{ message: "m", code: "ORDER_CONFLICT", errorCode: "ORDER_CONFLICT", details: { a: 1 } }] };
  expect(failureOf(409, body, "id")).toMatchObject({ kind: "conflict", code: "ORDER_CONFLICT", requestId: "id" });
  for (const odd of [null, undefined, "gateway", {}, { errors: [] }]) {
    expect(failureOf(502, odd, null)).toMatchObject({ kind: "broken", code: "" });
  }
});

it("asks soon at first, and never more than every three seconds later", () => {
  expect([0, 1, 2, 10, 100].map(pause)).toEqual([500, 750, 1000, 3000, 3000]);
});

it("draws what was seen, the latest at the right end", () => {
  expect(points([])).toBe("");
  expect(points([0, 4])).toBe("98.3,23.0 100.0,1.0");
});
