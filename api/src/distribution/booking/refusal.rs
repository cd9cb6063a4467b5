//! Refusals of the booking operations, for the document.

use crate::wire::reply::refusals;

const UNKNOWN: (u16, &str) = (
    404,
    "`BOOKING_NOT_FOUND`: the booking does not exist or belongs to another partner.",
);
const UNKNOWN_ORDER: (u16, &str) = (
    404,
    "`BOOKING_NOT_FOUND`: the booking does not exist or belongs to another partner. `ORDER_NOT_FOUND`: an order id \
     does not belong to this booking.",
);
const FORBIDDEN: (u16, &str) = (403, "`FORBIDDEN`: the company does not allow this partner to do this.");
const REVIVED: (u16, &str) = (
    403,
    "`FORBIDDEN`: a ticket has expired, and the company no longer allows this partner to book.",
);

refusals! {
    /// Creating a booking.
    Create: [
        (400, "`OFFER_EXPIRED`: the offer has expired. Search again."),
        FORBIDDEN,
        (
            409,
            "`SEATS_UNAVAILABLE`: not enough seats are left; `details.seatsLeft` is the number of seats left. \
             `DEPARTURE_CLOSED`: the departure is closed for sale, has left or was withdrawn.",
        ),
    ];
    /// Reading a booking.
    Read: [UNKNOWN];
    /// Getting a ticket as a file.
    File: [
        UNKNOWN_ORDER,
        (409, "`ORDER_CONFLICT`: the ticket in `details.orderIds` is not `Confirmed`."),
    ];
    /// Paying for tickets.
    Pay: [
        REVIVED,
        UNKNOWN_ORDER,
        (
            409,
            "`ORDER_CONFLICT`: the tickets in `details.orderIds` are paid, canceled or refunded. `SEATS_UNAVAILABLE`: \
             the seat of an expired ticket was sold and no other seat is left. `DEPARTURE_CLOSED`: the departure of an \
             expired ticket has left or was withdrawn.",
        ),
    ];
    /// Booking tickets, to be paid on board.
    Book: [
        REVIVED,
        UNKNOWN_ORDER,
        (
            409,
            "`ORDER_CONFLICT`: the tickets in `details.orderIds` are booked, paid, canceled or refunded. \
             `SEATS_UNAVAILABLE`: the seat of an expired ticket was sold and no other seat is left. \
             `DEPARTURE_CLOSED`: the departure of an expired ticket has left or was withdrawn.",
        ),
    ];
    /// Canceling tickets.
    Cancel: [
        (400, "`CANCELLATION_CLOSED`: the carrier's cancellation deadline has passed."),
        FORBIDDEN,
        UNKNOWN_ORDER,
        (409, "`ORDER_CONFLICT`: the tickets in `details.orderIds` are canceled or refunded."),
    ];
}
