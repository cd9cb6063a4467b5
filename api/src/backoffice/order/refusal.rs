//! What operations on orders may refuse, for the document.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (403, "`FORBIDDEN`: not for this role, or not from a page of ours.");
const UNKNOWN: (u16, &str) = (404, "`ORDER_NOT_FOUND`: unknown, or another company's.");

refusals! {
    /// Listing orders.
    List: [FORBIDDEN];
    /// Reading an order.
    Read: [FORBIDDEN, UNKNOWN];
    /// Confirming an order.
    Confirm: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: it is not Processing; `details.orderIds` names it."),
    ];
    /// Rejecting an order.
    Reject: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: it is Paid, or neither Processing nor Confirmed; `details.orderIds` names it."),
    ];
    /// Recording a prepayment.
    Prepay: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`ORDER_CONFLICT`: it is Paid or Prepaid, or neither Processing nor Confirmed; `details.orderIds` names it."),
    ];
    /// Moving an order.
    Move: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`DEPARTURE_CLOSED`: there is no such departure, or it has left or was withdrawn. `SEATS_UNAVAILABLE`: `details.seatsLeft` says how many are left there. `ORDER_CONFLICT`: `details.orderIds` hold no seat any more."),
    ];
}
