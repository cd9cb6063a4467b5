//! Error responses of the operations on tracked objects, as the document lists them.

use crate::wire::reply::Refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to tracked objects, or the request does not come from a \
     page of this origin.",
);

/// Reading the list.
#[derive(Debug)]
pub enum Objects {}

impl Refusals for Objects {
    const LIST: &'static [(u16, &'static str)] = &[FORBIDDEN];
}

/// Anything with one object.
#[derive(Debug)]
pub enum Object {}

impl Refusals for Object {
    const LIST: &'static [(u16, &'static str)] = &[
        FORBIDDEN,
        (
            404,
            "`FMS_OBJECT_NOT_FOUND`: the object does not exist or belongs to another company.",
        ),
    ];
}
