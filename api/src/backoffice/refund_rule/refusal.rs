//! Error responses of the operations on the terms of a company, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to the terms of the company, or the request does not come \
     from a page of this origin.",
);

refusals! {
    /// Reading and changing what the company has once.
    Terms: [FORBIDDEN];
    /// Changing one of several.
    OneOf: [FORBIDDEN, (404, "`NOT_FOUND`: the discount does not exist, was withdrawn, or belongs to another company.")];
}
