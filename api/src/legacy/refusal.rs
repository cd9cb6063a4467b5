//! What operations of `/rest` may refuse, for the document.

use crate::wire::reply::refusals;

const KEY: (u16, &str) = (403, "`UNAUTHORIZED`: the key is missing or unknown.");
const UNKNOWN: (u16, &str) = (404, "`ORDER_NOT_FOUND`: unknown, or another partner's.");
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
        (400, "`OFFER_EXPIRED`: search again."),
        (403, "`UNAUTHORIZED`: the key is missing or unknown. `FORBIDDEN`: the company does not let this partner book."),
        (409, "`SEATS_UNAVAILABLE`: `details.seatsLeft` says how many are left. `DEPARTURE_CLOSED`: it has left or was withdrawn."),
        CLOSED,
    ];
    /// Listing orders.
    List: [KEY, CLOSED];
    /// Reading an order.
    Read: [KEY, UNKNOWN, CLOSED];
    /// Paying, booking or canceling orders.
    Update: [
        (400, "`CANCELLATION_CLOSED`: the carrier's cut-off has passed."),
        (403, "`FORBIDDEN`: `Confirmed`, `NotConfirmed` and `Prepaid` are the carrier's, in the backoffice; or the company does not let this partner do it. `UNAUTHORIZED`: the key is missing or unknown."),
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: `details.orderIds` do not allow it. `SEATS_UNAVAILABLE`: an expired ticket's seat was sold and none is left. `DEPARTURE_CLOSED`: an expired ticket's bus has left or was withdrawn."),
        CLOSED,
    ];
}
