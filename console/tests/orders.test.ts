import { describe, expect, it } from "vitest";

import type { Order } from "../src/lib/api/client";
import { reasonKey } from "../src/pages/orders/delivery";
import { decisions, due } from "../src/pages/orders/status";

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

it.each([
  ["The mail server refused the message or its recipient.", "delivery.refused"],
  ["The Viber service was unreachable or busy. Another attempt follows.", "delivery.busy"],
  ["The mail server does not accept messages from us at the moment.", "delivery.setup"],
  ["The passenger has no e-mail address.", "delivery.noEmail"],
  ["No phone number of the passenger lists Viber.", "delivery.noViber"],
  ["The phone numbers of the passenger list Telegram only. We send messages through Viber.", "delivery.noViber"],
  ["The passenger could not be reached this way at that time.", "delivery.unreached"],
  ["Something new.", undefined],
])("says why a message was not sent: %s", (reason, key) => expect(reasonKey(reason)).toBe(key));
