//! `Retry-After` in both of its forms (RFC 9110, section 10.2.3).

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

/// Maximum delay before a retry, even if the provider asks for more.
pub const LONGEST: Duration = Duration::from_secs(3600);

/// The pause that a provider asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryAfter {
    /// Counted from the response.
    Delay(Duration),
    /// Until then, by its clock.
    Until(DateTime<Utc>),
}

impl RetryAfter {
    /// Parses the header. An HTTP-date is compared with the `date` of the response if that can be parsed, so that a
    /// difference between the provider's clock and ours does not matter. `None` when it is in neither form.
    #[must_use]
    pub fn parse(value: &str, date: Option<&str>) -> Option<Self> {
        let value = value.trim();
        if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
            // More digits than a number has are a long time, too.
            return Some(Self::Delay(value.parse().map_or(LONGEST, Duration::from_secs)));
        }
        let until = http_date(value)?;
        Some(match date.and_then(http_date) {
            Some(date) => Self::Delay((until - date).to_std().unwrap_or_default()),
            None => Self::Until(until),
        })
    }

    /// How long that is, if no clock is needed to know it.
    #[must_use]
    pub fn delay(self) -> Option<Duration> {
        match self {
            Self::Delay(wait) => Some(wait),
            Self::Until(_) => None,
        }
    }

    /// How long that is from `now`, an hour at most.
    #[must_use]
    pub fn wait(self, now: DateTime<Utc>) -> Duration {
        let wait = match self {
            Self::Delay(wait) => wait,
            Self::Until(until) => (until - now).max(TimeDelta::zero()).to_std().unwrap_or_default(),
        };
        wait.min(LONGEST)
    }
}

/// The three forms of an HTTP-date (RFC 9110, section 5.6.7).
fn http_date(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    [
        "%a, %d %b %Y %H:%M:%S GMT",
        "%A, %d-%b-%y %H:%M:%S GMT",
        "%a %b %e %H:%M:%S %Y",
    ]
    .into_iter()
    .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
    .map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use chrono::{DateTime, Utc};
    use rstest::rstest;

    use super::RetryAfter;

    const NOW: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

    #[rstest]
    #[case::seconds("120", Some(120))]
    #[case::blanks(" 7 ", Some(7))]
    #[case::zero("0", Some(0))]
    #[case::a_day_is_bounded("86400", Some(3600))]
    #[case::more_digits_than_a_number_has("99999999999999999999999", Some(3600))]
    #[case::imf_fixdate("Sun, 06 Nov 1994 08:50:37 GMT", Some(60))]
    #[case::rfc_850("Sunday, 06-Nov-94 08:50:37 GMT", Some(60))]
    #[case::asctime("Sun Nov  6 08:50:37 1994", Some(60))]
    #[case::past("Sun, 06 Nov 1994 08:00:00 GMT", Some(0))]
    #[case::far("Fri, 06 Nov 2099 08:00:00 GMT", Some(3600))]
    #[case::empty("", None)]
    #[case::negative("-1", None)]
    #[case::fraction("1.5", None)]
    #[case::word("soon", None)]
    #[case::no_such_day("Sun, 31 Nov 1994 08:50:37 GMT", None)]
    fn both_forms_are_read_and_bounded(#[case] value: &str, #[case] seconds: Option<u64>) {
        let now: DateTime<Utc> = "1994-11-06T08:49:37Z".parse().unwrap();
        for date in [None, Some(NOW), Some("not a date")] {
            let wait = RetryAfter::parse(value, date).map(|after| after.wait(now));
            assert_eq!(wait, seconds.map(Duration::from_secs), "{date:?}");
        }
    }

    #[test]
    fn a_date_is_measured_by_the_clock_of_who_wrote_it() {
        let a_year_ahead = RetryAfter::parse("Mon, 06 Nov 1995 08:50:37 GMT", Some("Mon, 06 Nov 1995 08:49:37 GMT"));
        let now = "1994-11-06T08:49:37Z".parse().unwrap();
        assert_eq!(a_year_ahead.map(|after| after.wait(now)), Some(Duration::from_secs(60)));
    }
}
