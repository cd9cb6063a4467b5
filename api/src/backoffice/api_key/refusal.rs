//! Error responses of the operations on API keys, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to API keys, or the request does not come from a \
     page of this origin.",
);

refusals! {
    /// Listing and creating keys.
    Use: [FORBIDDEN];
    /// Revoking a key.
    Revoke: [FORBIDDEN, (404, "`NOT_FOUND`: the API key does not exist or belongs to another partner.")];
}
