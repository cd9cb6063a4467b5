//! Error responses of the operations on people, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to people, or the request does not come from a page of \
     this origin.",
);
const UNKNOWN: (u16, &str) = (404, "`NOT_FOUND`: the user does not exist or does not work here.");
const LAST: (u16, &str) = (
    409,
    "`LAST_ADMINISTRATOR`: the user is the only administrator who can sign in.",
);

refusals! {
    /// Listing and inviting.
    Use: [FORBIDDEN];
    /// Changing one of the people.
    Change: [FORBIDDEN, UNKNOWN, LAST];
    /// Withdrawing an invitation.
    Withdraw: [
        FORBIDDEN,
        (404, "`NOT_FOUND`: the invitation does not exist, was accepted, or belongs to another workplace."),
    ];
}
