import { describe, expect, it, vi } from "vitest";

import type { Order } from "../src/lib/api/client";
import { find, LIMIT, matches } from "../src/pages/orders/find";
import { decisions, due } from "../src/pages/orders/status";

vi.stubGlobal("location", { origin: "http://console.test" });

const order = {
  id: "ord_01a2",
  bookingId: "bkg_01a3",
  passenger: {
    firstName: "Żaneta",
    lastName: "Коваленко",
    email: "zaneta@example.com",
    phones: [{ phone: "+380671234567" }],
  },
} as Order;

describe("search", () => {
  it.each(["коваленко", "Zaneta", "ковал żan", "067 123-45-67", "+380 (67) 123", "4567", "ZANETA@", "ord_01a2", "bkg_01a3"])(
    "finds by %s",
    (text) => expect(matches(order, text)).toBe(true),
  );
  it.each(["Kowalska", "коваленко петро", "999", "ord_02"])("does not find by %s", (text) =>
    expect(matches(order, text)).toBe(false),
  );

  it("reads page after page, and stops at the limit", async () => {
    const read = vi.fn(async () => ({ orders: Array<Order>(100).fill(order), total: 5000 }));
    const found = await find("Коваленко", read);
    expect(found).toMatchObject({ compared: LIMIT, total: 5000 });
    expect(found.orders).toHaveLength(LIMIT);
    expect(read.mock.calls.map(([skip]: unknown[]) => skip).slice(0, 3)).toEqual([0, 100, 200]);
  });

  it("stops where the list ends, also when it got shorter meanwhile", async () => {
    const pages = [{ orders: [order], total: 3 }, { orders: [], total: 3 }];
    expect((await find("x", async () => pages.shift()!)).compared).toBe(1);
  });
});

describe("decisions", () => {
  it.each([
    ["Processing", "Unpaid", ["confirm", "prepaid", "move", "reject"]],
    ["Processing", "Paid", ["confirm", "move"]],
    ["Confirmed", "Booked", ["prepaid", "move", "reject"]],
    ["Confirmed", "Prepaid", ["move", "reject"]],
    ["Confirmed", "Paid", ["move"]],
    ["NotConfirmed", "Unpaid", []],
    ["Canceled", "Unpaid", []],
    ["Refund", "Paid", []],
    ["Uncompleted", "Unpaid", []],
  ] as const)("%s and %s", (status, paymentStatus, expected) => {
    expect(decisions({ status, paymentStatus })).toEqual(expected);
  });

  it("knows what is left to pay, to the cent", () => {
    const price = { amount: 0.3, currency: "EUR", id: "" } as Order["price"];
    expect(due({ status: "Confirmed", paymentStatus: "Prepaid", price, prepaid: 0.1 })).toBe(0.2);
    expect(due({ status: "Confirmed", paymentStatus: "Paid", price, prepaid: 0 })).toBe(0);
    expect(due({ status: "Canceled", paymentStatus: "Unpaid", price, prepaid: 0 })).toBe(0);
  });
});
