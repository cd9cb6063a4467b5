//! The cancellation cutoff: how long before boarding a paid ticket can still be canceled by the partner.

use chrono::{DateTime, TimeDelta, Utc};

/// Whether it is too late to cancel at `now`.
#[must_use]
pub fn is_over(boarding_at: DateTime<Utc>, cutoff: TimeDelta, now: DateTime<Utc>) -> bool {
    boarding_at - now < cutoff
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use rstest::rstest;

    use super::is_over;

    #[rstest]
    #[case(0, "2027-02-01T12:00:00Z", false)]
    #[case(0, "2027-02-01T12:00:00.001Z", true)]
    #[case(30, "2027-02-01T11:30:00Z", false)]
    #[case(30, "2027-02-01T11:30:00.001Z", true)]
    fn a_paid_ticket_can_be_canceled_until_the_cutoff(#[case] minutes: i64, #[case] now: &str, #[case] over: bool) {
        let boarding_at: DateTime<Utc> = "2027-02-01T12:00:00Z".parse().unwrap();
        assert_eq!(
            is_over(boarding_at, TimeDelta::minutes(minutes), now.parse().unwrap()),
            over
        );
    }
}
