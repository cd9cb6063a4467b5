//! The sales cutoff: how long before boarding a company stops selling.

use chrono::{DateTime, TimeDelta, Utc};

/// When sale closes at a stop that the bus leaves at `departs_at`. From this instant on, nothing is sold there.
#[must_use]
pub fn closes_at(departs_at: DateTime<Utc>, cutoff: TimeDelta) -> DateTime<Utc> {
    departs_at - cutoff
}

/// Whether sale is closed at `now`, at a stop that the bus leaves at `departs_at`.
#[must_use]
pub fn is_closed(departs_at: DateTime<Utc>, cutoff: TimeDelta, now: DateTime<Utc>) -> bool {
    now >= closes_at(departs_at, cutoff)
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use rstest::rstest;

    use super::is_closed;

    #[rstest]
    #[case(0, "2027-02-01T11:59:59.999Z", false)]
    #[case(0, "2027-02-01T12:00:00Z", true)]
    #[case(30, "2027-02-01T11:29:59.999Z", false)]
    #[case(30, "2027-02-01T11:30:00Z", true)]
    fn sale_closes_at_the_cutoff(#[case] minutes: i64, #[case] now: &str, #[case] closed: bool) {
        let departs_at: DateTime<Utc> = "2027-02-01T12:00:00Z".parse().unwrap();
        assert_eq!(
            is_closed(departs_at, TimeDelta::minutes(minutes), now.parse().unwrap()),
            closed
        );
    }
}
