//! What report operations may refuse, for the document.

use crate::wire::reply::Refusals;

const UNKNOWN: (u16, &str) = (404, "`REPORT_NOT_FOUND`: unknown, or another company's.");
const FORBIDDEN: (u16, &str) = (403, "`FORBIDDEN`: reports are not for this role.");

/// Asking for reports, and listing them.
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
        (409, "`REPORT_NOT_READY`: it is not complete, or has failed."),
        (410, "`GONE`: its file was removed after its retention."),
    ];
}
