//! What the errors of the Wialon Remote API mean (its "Error codes"); they come in bodies of status 200.

use super::Fault;

/// Meaning of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// The session has ended: log in.
    SessionLost,
    /// Too much was asked for; later.
    Busy,
    /// Anything else.
    Other(Fault),
}

/// The meaning of error `code` with its `reason`, where there is one.
#[must_use]
pub fn error(code: i64, reason: Option<&str>) -> Meaning {
    match code {
        1 | 1011 => Meaning::SessionLost,
        // Wialon uses this code for a lost session, too.
        1003 if reason == Some("NO_SESSION") => Meaning::SessionLost,
        10 | 1003..=1005 => Meaning::Busy,
        // The request is not understood: the same for every bus of every account, so not a matter of this one.
        2..=4 => Meaning::Other(Fault::Request),
        // Access denied, token or user unknown, account not paid.
        7 | 8 | 14 => Meaning::Other(Fault::Setup),
        _ => Meaning::Other(Fault::Provider),
    }
}
