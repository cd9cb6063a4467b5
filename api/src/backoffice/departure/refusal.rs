//! Error responses of the operations on departures, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to departures, or the request does not come from a page of \
     this origin.",
);

const UNKNOWN: (u16, &str) = (
    404,
    "`NOT_FOUND`: the departure does not exist or belongs to another company.",
);

refusals! {
    /// Listing departures.
    List: [FORBIDDEN];
    /// Reading one departure.
    Read: [FORBIDDEN, UNKNOWN];
    /// Closing or reopening the sale of one.
    Sale: [FORBIDDEN, UNKNOWN, (409, "`DEPARTURE_CLOSED`: the departure has left its last stop for boarding.")];
}
