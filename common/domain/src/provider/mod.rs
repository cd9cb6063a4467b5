//! Whose fault a failed request to a provider (mail server, Viber, tracking, identity, file store) is.
//!
//! One rule for all of them. Only what the request itself can change is the request's fault: it fails, because it would
//! be refused again. Everything else is a problem of the provider or of our setup: it is retried for a long time, and
//! an alert says what operators must repair. When in doubt, a message is retried: a wrong "fail" loses a ticket, a
//! wrong "retry" costs a few requests. A response that is not in the provider's form (a page of a proxy, an empty body,
//! half of a document) is never a success, and never the provider's verdict on a message.

pub mod retry_after;
pub mod smtp;
pub mod viber;
pub mod wialon;

/// Whose fault a failed request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The request's: its content or its receiver is refused, and would be again.
    Request,
    /// The provider's: it is unreachable, busy or broken. It recovers without us.
    Provider,
    /// Ours: credentials, an address, an account. Operators must repair it; until then nothing is delivered.
    Setup,
}

impl Fault {
    /// The word for logs and for the database.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Provider => "provider",
            Self::Setup => "setup",
        }
    }

    /// The fault of a word.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        let all = [Self::Request, Self::Provider, Self::Setup];
        all.into_iter().find(|fault| fault.word() == word)
    }
}

/// Whose fault an HTTP status is; `None` for a success, whose body must still be in the provider's form.
///
/// - 1xx: not a final response. 3xx: redirects are not followed, so our address is out of date.
/// - 401, 402, 403, 407: credentials, payment, permission. 404, 405, 410, 421, 426, 428: the address or the form of the
///   request is wrong (a client whose provider uses 404 for a receiver checks the body first).
/// - 408, 409, 423, 424, 425, 429: retry later. 5xx: the server; 511 is a network that requires a login.
/// - The rest of 4xx (400, 413, 415, 422, 451 ...) is about what was sent.
#[must_use]
pub const fn http(status: u16) -> Option<Fault> {
    match status {
        200..=299 => None,
        300..=399 | 401..=405 | 407 | 410 | 421 | 426 | 428 | 511 => Some(Fault::Setup),
        408 | 409 | 423..=425 | 429 => Some(Fault::Provider),
        400..=499 => Some(Fault::Request),
        _ => Some(Fault::Provider),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::{Fault, http};

    #[rstest]
    #[case::success(&[200, 201, 202, 204, 206], None)]
    #[case::ours(&[300, 301, 302, 303, 307, 308, 401, 402, 403, 404, 405, 407, 410, 421, 426, 511], Some(Fault::Setup))]
    #[case::theirs(&[100, 408, 409, 423, 425, 429, 500, 501, 502, 503, 504, 507, 520, 599, 999], Some(Fault::Provider))]
    #[case::the_requests(&[400, 406, 411, 413, 414, 415, 422, 431, 451], Some(Fault::Request))]
    fn a_status_says_whose_fault_it_is(#[case] statuses: &[u16], #[case] fault: Option<Fault>) {
        for status in statuses {
            assert_eq!(http(*status), fault, "{status}");
        }
    }
}
