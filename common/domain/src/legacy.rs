//! The end of the old partner API (contract section 8): how long each partner may call it.

use std::fmt;
use std::ops::AddAssign;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};

words! {
    /// An operation of the old API, as it is counted.
    Operation, "searchOffers createOrders listOrders getOrder getOrderRefundRules updateOrders" {
        /// `GET /rest/offers`.
        SearchOffers = "searchOffers",
        /// `POST /rest/orders`.
        CreateOrders = "createOrders",
        /// `GET /rest/orders`.
        ListOrders = "listOrders",
        /// `GET /rest/orders/{id}`.
        GetOrder = "getOrder",
        /// `GET /rest/orders/{id}/refund-rules`.
        GetOrderRefundRules = "getOrderRefundRules",
        /// `PATCH /rest/orders`.
        UpdateOrders = "updateOrders",
    }
}

words! {
    /// What closed a partner's window.
    ClosedBy, "silence administrator" {
        /// The rule: the sunset has passed, and the partner had not called for 30 days.
        Silence = "silence",
        /// An operator.
        Administrator = "administrator",
    }
}

/// Calls that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub calls: i64,
    /// When the last of them was.
    pub last_at: DateTime<Utc>,
}

impl AddAssign for Count {
    fn add_assign(&mut self, more: Self) {
        self.calls += more.calls;
        self.last_at = self.last_at.max(more.last_at);
    }
}

/// Shortest time between deprecation and sunset.
pub const NOTICE: TimeDelta = TimeDelta::days(90);

/// How long a partner must not have called before its window closes.
pub const SILENCE: TimeDelta = TimeDelta::days(30);

/// Days of calls that partners are shown.
pub const SHOWN_DAYS: u64 = 90;

/// The first call after a pause of this length is recorded before the response, not later, so that unwritten data of a
/// replica never decide whether a window closes.
const PAUSE: TimeDelta = TimeDelta::days(1);

/// When the old API was deprecated, and when it ends at the earliest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecation {
    /// The instant from which it is deprecated.
    pub began: DateTime<Utc>,
    /// The announced end: no window closes by itself before.
    pub sunset: DateTime<Utc>,
}

impl Deprecation {
    /// From the beginning of one day to the beginning of another, UTC. A sunset before [`NOTICE`] is put off.
    #[must_use]
    pub fn new(began: NaiveDate, sunset: NaiveDate) -> Self {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        Self {
            began: midnight(began),
            sunset: midnight(sunset).max(midnight(began) + NOTICE),
        }
    }

    /// When the window of a partner closes if it does not call any more.
    #[must_use]
    pub fn closes_at(&self, window: &Window) -> DateTime<Utc> {
        let quiet_since = [window.last_call_at, window.opened_at]
            .into_iter()
            .flatten()
            .fold(self.began, DateTime::max);
        self.sunset.max(quiet_since + SILENCE)
    }

    /// Whether a partner may call at `now`.
    #[must_use]
    pub fn standing(&self, window: &Window, now: DateTime<Utc>) -> Standing {
        if window.closed_at.is_some() {
            Standing::Closed
        } else if now < self.closes_at(window) {
            Standing::Open
        } else {
            Standing::Lapsed
        }
    }
}

/// What is recorded about a partner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Window {
    /// When it was closed, if it is.
    pub closed_at: Option<DateTime<Utc>>,
    /// When an administrator opened it last.
    pub opened_at: Option<DateTime<Utc>>,
    /// The partner's last call that was let in.
    pub last_call_at: Option<DateTime<Utc>>,
}

impl Window {
    /// Whether a call at `now` ends a pause (and must be recorded before the response).
    #[must_use]
    pub fn was_quiet(&self, now: DateTime<Utc>) -> bool {
        self.last_call_at.is_none_or(|last| last + PAUSE <= now)
    }
}

/// Status of a partner's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It may call.
    Open,
    /// The rule closes it now; this is yet to be recorded.
    Lapsed,
    /// It is closed, and stays so unless an administrator opens it.
    Closed,
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
    use rstest::rstest;

    use super::Standing::{Closed, Lapsed, Open};
    use super::{Deprecation, NOTICE, SILENCE, Standing, Window};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// Deprecated on 1 December; the sunset is 90 days later.
    fn deprecation() -> Deprecation {
        Deprecation::new(day("2026-12-01"), day("2027-03-01"))
    }

    #[rstest]
    #[case::before_the_sunset(None, "2027-02-28T23:59:59.999Z", Open)]
    #[case::nobody_called(None, "2027-03-01T00:00:00Z", Lapsed)]
    #[case::long_quiet(Some("2027-01-29T12:00:00Z"), "2027-03-01T00:00:00Z", Lapsed)]
    #[case::just_quiet_enough(Some("2027-01-30T00:00:00Z"), "2027-03-01T00:00:00Z", Lapsed)]
    #[case::not_quiet_enough(Some("2027-01-30T00:00:00.001Z"), "2027-03-01T00:00:00Z", Open)]
    #[case::still_calling(Some("2027-05-01T10:00:00Z"), "2027-05-31T09:59:59.999Z", Open)]
    #[case::quiet_for_30_days(Some("2027-05-01T10:00:00Z"), "2027-05-31T10:00:00Z", Lapsed)]
    fn a_window_closes_after_the_sunset_and_30_days_without_a_call(
        #[case] last_call: Option<&str>,
        #[case] now: &str,
        #[case] expected: Standing,
    ) {
        let window = Window {
            last_call_at: last_call.map(at),
            ..Window::default()
        };
        assert_eq!(deprecation().standing(&window, at(now)), expected);
    }

    #[test]
    fn a_closed_window_stays_closed_at_any_time() {
        let window = Window {
            closed_at: Some(at("2026-12-24T00:00:00Z")),
            last_call_at: Some(at("2026-12-24T00:00:00Z")),
            ..Window::default()
        };
        for now in ["2026-12-24T00:00:01Z", "2027-02-01T00:00:00Z", "2030-01-01T00:00:00Z"] {
            assert_eq!(deprecation().standing(&window, at(now)), Closed);
        }
    }

    #[test]
    fn a_reopened_window_has_30_days() {
        let opened = at("2027-06-01T00:00:00Z");
        let window = Window {
            opened_at: Some(opened),
            last_call_at: Some(at("2027-01-01T00:00:00Z")),
            ..Window::default()
        };
        assert_eq!(deprecation().closes_at(&window), opened + SILENCE);
    }

    #[test]
    fn no_partner_is_cut_off_before_90_days_have_passed_or_before_the_announced_sunset() {
        let hasty = Deprecation::new(day("2026-12-01"), day("2026-12-02"));
        assert_eq!(hasty.sunset, hasty.began + NOTICE);
        let late = Deprecation::new(day("2026-12-01"), day("2027-12-01"));
        assert_eq!(late.closes_at(&Window::default()), at("2027-12-01T00:00:00Z"));
    }

    #[test]
    fn a_call_after_a_day_is_the_end_of_a_pause() {
        let last = at("2027-02-01T00:00:00Z");
        let window = Window {
            last_call_at: Some(last),
            ..Window::default()
        };
        assert!(!window.was_quiet(last + TimeDelta::hours(23)));
        assert!(window.was_quiet(last + TimeDelta::days(1)));
        assert!(Window::default().was_quiet(last));
    }
}
