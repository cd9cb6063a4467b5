//! What operations on permissions may refuse, for the document.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (403, "`FORBIDDEN`: not for this role, or not from a page of ours.");

refusals! {
    /// Listing permissions.
    Read: [FORBIDDEN];
    /// Setting one.
    Set: [FORBIDDEN, (404, "`NOT_FOUND`: there is no such partner.")];
}
