//! Error responses of the operations on scheduled reports, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to reports, or the request does not come from a \
     page of this origin.",
);

refusals! {
    /// Listing and creating.
    Plan: [FORBIDDEN];
    /// Changing and deleting one.
    Change: [
        FORBIDDEN,
        (404, "`NOT_FOUND`: the scheduled report does not exist, was deleted, or belongs to another company."),
    ];
}
