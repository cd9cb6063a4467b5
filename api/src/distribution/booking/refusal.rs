//! What booking operations may refuse, for the document.

use crate::wire::reply::refusals;

const UNKNOWN: (u16, &str) = (404, "`BOOKING_NOT_FOUND`: unknown, or another partner's.");
const UNKNOWN_ORDER: (u16, &str) = (
    404,
    "`BOOKING_NOT_FOUND`: unknown, or another partner's. `ORDER_NOT_FOUND`: an order id is not one of this booking.",
);
const FORBIDDEN: (u16, &str) = (403, "`FORBIDDEN`: the company does not let this partner do it.");

refusals! {
    /// Creating a booking.
    Create: [
        (400, "`OFFER_EXPIRED`: search again."),
        FORBIDDEN,
        (409, "`SEATS_UNAVAILABLE`: `details.seatsLeft` says how many are left. `DEPARTURE_CLOSED`: it has left or was withdrawn."),
    ];
    /// Reading a booking.
    Read: [UNKNOWN];
    /// Paying for tickets.
    Pay: [
        UNKNOWN_ORDER,
        (409, "`ORDER_CONFLICT`: `details.orderIds` are paid, canceled or refunded. `SEATS_UNAVAILABLE`: an expired ticket's seat was sold and none is left. `DEPARTURE_CLOSED`: an expired ticket's bus has left or was withdrawn."),
    ];
    /// Booking tickets, to be paid on board.
    Book: [
        UNKNOWN_ORDER,
        (409, "`ORDER_CONFLICT`: `details.orderIds` are booked, paid, canceled or refunded. `SEATS_UNAVAILABLE`: an expired ticket's seat was sold and none is left. `DEPARTURE_CLOSED`: an expired ticket's bus has left or was withdrawn."),
    ];
    /// Canceling tickets.
    Cancel: [
        (400, "`CANCELLATION_CLOSED`: the carrier's cut-off has passed."),
        FORBIDDEN,
        UNKNOWN_ORDER,
        (409, "`ORDER_CONFLICT`: `details.orderIds` are canceled or refunded."),
    ];
}
