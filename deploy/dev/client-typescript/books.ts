// What a partner's engineer writes on the first day, with types that were generated from the document: finds a trip, books
// two seats, pays, gives one back, and reads what an error says. The compiler checks it together with the types, so every
// name and every required member in it is one of the document.
//
// API_URL and API_KEY name a running platform with the demo's data.

import createClient from "openapi-fetch";
import type { components, paths } from "./prexsell.js";

declare const process: { env: Record<string, string | undefined> };

type Booking = components["schemas"]["Booking"];
type Errors = components["schemas"]["Errors"];

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function expect(good: boolean, what: string, seen: unknown): asserts good {
  if (!good) throw new Error(`${what}: ${JSON.stringify(seen)}`);
}

const client = createClient<paths>({ baseUrl: setting("API_URL"), headers: { "x-api-key": setting("API_KEY") } });

// The demo's buses rest on two days of the year, never three in a row.
async function anOffer() {
  for (const ahead of [1, 2, 3]) {
    const departureDate = new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);
    const query = { departureCity: "kyiv", arrivalCity: "lviv", departureDate, passengers: 2, currency: "EUR" } as const;
    const { data, error } = await client.GET("/v2/offers", { params: { query } });
    expect(data !== undefined, "search", error);
    const offer = data.data.offers[0];
    if (offer !== undefined) return offer;
  }
  throw new Error("no offers on three days");
}

// Members that the document does not require are left out: none of them may be asked for by the types.
async function booked(offerId: string): Promise<Booking> {
  const { data, error, response } = await client.POST("/v2/bookings", {
    params: { header: { "Idempotency-Key": crypto.randomUUID() } },
    body: {
      offerId,
      currency: "EUR",
      passengers: [
        { firstName: "Olena", lastName: "Koval", email: "olena@example.com", phones: [{ phone: "+380671234567" }] },
        { firstName: "Petro", lastName: "Koval", phones: [{ phone: "+380671234568", messengers: ["Viber"] }] },
      ],
    },
  });
  expect(data !== undefined && response.status === 201, "create", error);
  return data.data.booking;
}

function code(error: Errors | undefined): string {
  const first = error?.errors[0];
  expect(first !== undefined && first.code === first.errorCode, "an error", error);
  return first.code;
}

const offer = await anOffer();
const booking = await booked(offer.id);
const path = { id: booking.id };
const [first, second] = booking.tickets;
expect(first !== undefined && second !== undefined, "two tickets", booking);
expect(booking.paymentRequiredBy !== null && first.slices[0]?.seat !== null, "a seat is held", booking);

const paid = await client.POST("/v2/bookings/{id}/pay", { params: { path } });
expect(paid.data?.data.booking.tickets.every((ticket) => ticket.paymentStatus === "Paid") === true, "pay", paid.error);

const canceled = await client.POST("/v2/bookings/{id}/cancel", { params: { path }, body: { orderIds: [first.id] } });
const statuses = canceled.data?.data.booking.tickets.map((ticket) => ticket.status);
expect(statuses?.join() === "Refund,Confirmed", "cancel", canceled.error ?? statuses);

const again = await client.POST("/v2/bookings/{id}/cancel", { params: { path } });
expect(code(again.error) === "ORDER_CONFLICT", "cancel again", again);

const stranger = createClient<paths>({ baseUrl: setting("API_URL"), headers: { "x-api-key": "pxs_local_nobody" } });
const refused = await stranger.GET("/v2/bookings/{id}", { params: { path } });
expect(refused.response.status === 401 && code(refused.error) === "UNAUTHORIZED", "another key", refused);

const discounts = await client.GET("/v2/discounts", { params: { query: { take: 1 } } });
expect(discounts.data !== undefined && discounts.data.data.discounts.length === 1, "discounts", discounts.error);
