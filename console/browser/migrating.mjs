// A partner in the middle of its migration from the old API: the demo's partner has never called it.

/** Operations with their replacements, and the number of calls on each of the last days (0 is today, in UTC). */
const OPERATIONS = [
  ["GET /rest/orders", "GET /v2/bookings", "pages over bookings, at most 50; filter by departureDate instead of createdAt"],
  [
    "POST /rest/orders",
    "POST /v2/bookings",
    "one request per offer, with offerId beside passengers; leave the ignored fields out, they are refused; answers 201 and { data: { booking } }",
    [[21, 6], [9, 2]],
  ],
  [
    "GET /rest/offers",
    "GET /v2/offers",
    "passengersQty is passengers; data.results is data.offers",
    [[60, 900], [30, 420], [4, 35]],
  ],
  [
    "GET /rest/orders/{id}",
    "GET /v2/bookings/{id}",
    "the id is the ticket's bookingId; answers { data: { booking } } with all its tickets",
    [[75, 14], [48, 3]],
  ],
  [
    "GET /rest/orders/{id}/refund-rules",
    "GET /v2/bookings/{id}/refund-rules",
    "the id is the ticket's bookingId; refundRules has an entry per ticket, by orderId",
  ],
  [
    "PATCH /rest/orders",
    "POST /v2/bookings/{id}/pay, /book or /cancel",
    "one request per booking, tickets in orderIds; Confirmed, NotConfirmed and Prepaid are in the back office",
  ],
];

const before = (days) => new Date(Date.now() - days * 86_400_000).toISOString();

/** The response of the API for such a partner. */
export const migrating = () => ({
  deprecatedAt: "2026-12-01T00:00:00.000Z",
  sunsetAt: "2027-03-01T00:00:00.000Z",
  guide: "https://api.prexsell.example/guides/rest-to-v2-migration",
  open: true,
  closesAt: "2027-03-01T00:00:00.000Z",
  lastCallAt: before(4.1),
  operations: OPERATIONS.map(([operation, replacement, change, days = []]) => ({
    operation,
    replacement,
    change,
    calls: days.reduce((sum, [, calls]) => sum + calls, 0),
    days: days.map(([ago, calls]) => ({ day: before(ago).slice(0, 10), calls })),
  })),
});
