//! Error responses of the report operations, as the document lists them.

use crate::wire::reply::Refusals;

const UNKNOWN: (u16, &str) = (
    404,
    "`REPORT_NOT_FOUND`: the report does not exist or belongs to another company.",
);
const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to reports, or the request does not come from a \
     page of this origin.",
);

/// Creating reports, and listing them.
#[derive(Debug)]
pub enum Ask {}

impl Refusals for Ask {
    const LIST: &'static [(u16, &'static str)] = &[FORBIDDEN];
}

/// Reading a report.
#[derive(Debug)]
pub enum Read {}

impl Refusals for Read {
    const LIST: &'static [(u16, &'static str)] = &[FORBIDDEN, UNKNOWN];
}

/// Downloading one.
#[derive(Debug)]
pub enum Download {}

impl Refusals for Download {
    const LIST: &'static [(u16, &'static str)] = &[
        FORBIDDEN,
        UNKNOWN,
        (409, "`REPORT_NOT_READY`: the report is not complete or has failed."),
        (410, "`GONE`: the file was deleted after its retention period."),
    ];
}
