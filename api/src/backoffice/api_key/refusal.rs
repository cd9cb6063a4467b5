//! What operations on API keys may refuse, for the document.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (403, "`FORBIDDEN`: not for this role, or not from a page of ours.");

refusals! {
    /// Listing and creating keys.
    Use: [FORBIDDEN];
    /// Revoking a key.
    Revoke: [FORBIDDEN, (404, "`NOT_FOUND`: unknown, or another partner's.")];
}
