//! Error responses of the operations on permissions, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to permissions, or the request does not come from a \
     page of this origin.",
);

refusals! {
    /// Listing permissions.
    Read: [FORBIDDEN];
    /// Setting one.
    Set: [FORBIDDEN, (404, "`NOT_FOUND`: the partner does not exist.")];
}
