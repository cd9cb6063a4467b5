//! What the statuses in bodies of the Viber REST API mean (its "Error codes").

use super::Fault;

/// Whose fault a status is; `None` for 0, which is the only success.
///
/// 3 and 4 are about the content of the message, 5, 6, 11, 14, 16 and 21 about its receiver. 12 is a limit. 1, 2, 7 to
/// 10, 13, 15, 17 to 20 and 22 to 24 are about the token, the account or its credit. Everything else ("general error")
/// is the provider's fault.
#[must_use]
pub const fn status(status: i64) -> Option<Fault> {
    match status {
        0 => None,
        3..=6 | 11 | 14 | 16 | 21 => Some(Fault::Request),
        1 | 2 | 7..=10 | 13 | 15 | 17..=20 | 22..=24 => Some(Fault::Setup),
        _ => Some(Fault::Provider),
    }
}

#[cfg(test)]
mod tests {
    use super::status;
    use crate::provider::Fault;

    #[test]
    fn only_zero_is_a_success_and_only_message_and_receiver_fail() {
        let of = |fault| (-2..=30).filter(move |n| status(*n) == fault).collect::<Vec<i64>>();
        assert_eq!(of(None), [0]);
        assert_eq!(of(Some(Fault::Request)), [3, 4, 5, 6, 11, 14, 16, 21]);
        assert_eq!(of(Some(Fault::Provider)), [-2, -1, 12, 25, 26, 27, 28, 29, 30]);
    }
}
