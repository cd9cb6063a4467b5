//! Error responses of the operations on orders, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to orders, or the request does not come from a \
     page of this origin.",
);
const UNKNOWN: (u16, &str) = (
    404,
    "`ORDER_NOT_FOUND`: the order does not exist or belongs to another company.",
);

refusals! {
    /// Listing orders.
    List: [FORBIDDEN];
    /// Reading an order.
    Read: [FORBIDDEN, UNKNOWN];
    /// Getting the ticket of an order as a file.
    File: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: the order is not `Confirmed`. `details.orderIds` contains its id."),
    ];
    /// Confirming an order.
    Confirm: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: the status of the order is not `Processing`. `details.orderIds` contains its id."),
    ];
    /// Rejecting an order.
    Reject: [
        FORBIDDEN,
        UNKNOWN,
        (
            409,
            "`ORDER_CONFLICT`: the order is `Paid`, or its status is neither `Processing` nor `Confirmed`. \
             `details.orderIds` contains its id.",
        ),
    ];
    /// Canceling an order, or asking what that would refund.
    Cancel: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: the order is canceled or refunded. `details.orderIds` contains its id."),
    ];
    /// Recording a prepayment.
    Prepay: [
        FORBIDDEN,
        UNKNOWN,
        (
            409,
            "`ORDER_CONFLICT`: the order is `Paid` or `Prepaid`, or its status is neither `Processing` nor \
             `Confirmed`. `details.orderIds` contains its id.",
        ),
    ];
    /// Sending a ticket again.
    Resend: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: the order is not `Confirmed`. `details.orderIds` contains its id."),
        (
            429,
            "`RATE_LIMITED`: the ticket was sent again 3 times within the last hour, or the rate limit of the client's \
             address is exceeded; try again after `Retry-After` seconds.",
        ),
    ];
    /// Moving an order.
    Move: [
        FORBIDDEN,
        UNKNOWN,
        (
            409,
            "`DEPARTURE_CLOSED`: the departure does not exist, has left, or was withdrawn. `SEATS_UNAVAILABLE`: not \
             enough seats are left on the departure; `details.seatsLeft` is the number of seats left. \
             `ORDER_CONFLICT`: the orders in `details.orderIds` no longer hold a seat.",
        ),
    ];
}
