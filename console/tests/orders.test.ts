import { beforeAll, describe, expect, it, vi } from "vitest";

import type { Departure, Order } from "../src/lib/api/client";
import { learn, speak } from "../src/lib/i18n/index.svelte";
import { reasonOf } from "../src/pages/orders/delivery";
import { timed } from "../src/pages/orders/journey";
import { withRoutesOf } from "../src/pages/orders/listed";
import { routesFrom } from "../src/pages/orders/routes";
import { decisions, due } from "../src/pages/orders/status";

it("offers the routes of eight days, each read by itself", async () => {
  const read: string[] = [];
  const routes = await routesFrom("2026-12-01", async (date) => {
    read.push(date);
    return { departures: [{ id: `dep_${date}`, routeId: `rte_${date}`, routeName: date } as Departure], total: 1000 };
  });
  expect(read).toEqual([
    "2026-11-30",
    "2026-12-01",
    "2026-12-02",
    "2026-12-03",
    "2026-12-04",
    "2026-12-05",
    "2026-12-06",
    "2026-12-07",
  ]);
  expect(routes).toHaveLength(8);
});

describe("decisions", () => {
  it.each([
    ["Processing", "Unpaid", ["confirm", "prepaid", "move", "reject", "cancel"]],
    ["Processing", "Paid", ["confirm", "move", "cancel"]],
    ["Confirmed", "Booked", ["prepaid", "move", "resend", "reject", "cancel"]],
    ["Confirmed", "Prepaid", ["move", "resend", "reject", "cancel"]],
    ["Confirmed", "Paid", ["move", "resend", "cancel"]],
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

describe("why a message was not sent", () => {
  beforeAll(async () => {
    vi.stubGlobal("document", { documentElement: {} });
    await speak("en");
    await learn(["order"]);
  });

  const text = "Something in English.";

  it("is given by its code", () =>
    expect(reasonOf({ code: "NoEmail", reason: text, state: "NotSent" })).toEqual({
      text: "The passenger has no e-mail address.",
    }));

  it("says that another attempt follows", () =>
    expect(reasonOf({ code: "ProviderUnavailable", reason: text, state: "Pending" })).toEqual({
      text: "The service was unreachable or busy. Another attempt follows.",
    }));

  it("is the API's text, in English, for a code that came later", () =>
    expect(reasonOf({ code: "Later" as "Unknown", reason: text, state: "Failed" })).toEqual({ text, lang: "en" }));

  it("is that it was not sent if no reason is known", () =>
    expect(reasonOf({ code: null, reason: null })).toEqual({ text: "The message could not be sent." }));
});

describe("an overnight journey", () => {
  const slice = (departureDate: string, stops: [string, string][]) =>
    ({
      departureDate,
      stops: stops.map(([time, timeZone], i) => ({
        departureTime: i < stops.length - 1 ? time : null,
        arrivalTime: i === stops.length - 1 ? time : null,
        city: { timeZone },
      })),
    }) as Order["slices"][number];

  it("has the day of each stop", () => {
    const stops = [["22:30", "Europe/Kyiv"], ["23:59", "Europe/Kyiv"], ["00:10", "Europe/Kyiv"], ["07:00", "Europe/Kyiv"]];
    const days = timed(slice("2026-11-29T22:30:00.000Z", stops as [string, string][])).map(({ day, time }) => `${day} ${time}`);
    expect(days).toEqual(["2026-11-29 22:30", "2026-11-29 23:59", "2026-11-30 00:10", "2026-11-30 07:00"]);
  });

  it("stays on its day where clocks are put back at a border", () => {
    const stops: [string, string][] = [["12:30", "Europe/Kyiv"], ["12:10", "Europe/Warsaw"], ["20:00", "Europe/Warsaw"]];
    expect(timed(slice("2026-11-29T12:30:00.000Z", stops)).map(({ day }) => day)).toEqual(Array(3).fill("2026-11-29"));
  });
});

it("offers each route once, by name, and those of listed orders too", () => {
  const order = (id: string, name: string) => ({ slices: [{ route: { id, name } }] }) as Order;
  const known = [{ id: "b", name: "Київ – Львів" }];
  expect(withRoutesOf([order("a", "Львів – Прага"), order("b", "Old")], known, "uk")).toEqual([
    { id: "b", name: "Київ – Львів" },
    { id: "a", name: "Львів – Прага" },
  ]);
});
