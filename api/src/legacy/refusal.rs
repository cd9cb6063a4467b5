//! Refusals of the operations of `/rest`, for the document.

use crate::wire::reply::refusals;

const KEY: (u16, &str) = (403, "`UNAUTHORIZED`: the API key is missing or unknown.");
const UNKNOWN: (u16, &str) = (
    404,
    "`ORDER_NOT_FOUND`: the order does not exist or belongs to another partner.",
);
const CLOSED: (u16, &str) = (410, "`GONE`: the old API is closed for this partner.");

refusals! {
    /// Searching.
    Search: [
        KEY,
        (404, "`CITY_NOT_FOUND`: one of the cities has no stop on sale."),
        CLOSED,
    ];
    /// Creating orders.
    Create: [
        (400, "`OFFER_EXPIRED`: the offer has expired. Search again."),
        (
            403,
            "`UNAUTHORIZED`: the API key is missing or unknown. `FORBIDDEN`: the company does not allow this partner \
             to book.",
        ),
        (
            409,
            "`SEATS_UNAVAILABLE`: not enough seats are left; `details.seatsLeft` is the number of seats left. \
             `DEPARTURE_CLOSED`: the departure has left or was withdrawn.",
        ),
        CLOSED,
    ];
    /// Listing orders.
    List: [KEY, CLOSED];
    /// Reading an order.
    Read: [KEY, UNKNOWN, CLOSED];
    /// Paying, booking or canceling orders.
    Update: [
        (400, "`CANCELLATION_CLOSED`: the carrier's cancellation deadline has passed."),
        (
            403,
            "`FORBIDDEN`: only the company can set `Confirmed`, `NotConfirmed` and `Prepaid`, in the back office; or \
             the company does not allow this partner to do this. `UNAUTHORIZED`: the API key is missing or unknown.",
        ),
        UNKNOWN,
        (
            409,
            "`ORDER_CONFLICT`: the orders in `details.orderIds` do not allow this. `SEATS_UNAVAILABLE`: the seat of an \
             expired ticket was sold and no other seat is left. `DEPARTURE_CLOSED`: the departure of an expired ticket \
             has left or was withdrawn.",
        ),
        CLOSED,
    ];
}
