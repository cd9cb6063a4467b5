//! Which service days are published: a bounded window, and the shift that keeps a demo calendar on sale.

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

/// Longest calendar that is imported as a whole, in days: three years.
const MOST_DAYS: u64 = 1_096;
/// Days before today that a cut calendar keeps, so that departures under way stay in it.
const DAYS_BEFORE: u64 = 31;
/// Days ahead that a shifted calendar must cover.
const DAYS_AHEAD: i64 = 60;

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First day.
    pub from: NaiveDate,
    /// Last day, not before the first.
    pub to: NaiveDate,
}

/// The text is not a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a window must be FROM..TO in YYYY-MM-DD, at most 1096 days, with FROM not after TO")]
pub struct ParseWindowError;

impl Window {
    /// The days that this window and another share.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        let (from, to) = (self.from.max(other.from), self.to.min(other.to));
        (from <= to).then_some(Self { from, to })
    }

    /// How many days it has.
    #[must_use]
    pub fn days(self) -> u64 {
        (self.to - self.from).num_days().unsigned_abs() + 1
    }

    /// The window, shifted by a number of whole weeks (earlier if negative).
    #[must_use]
    pub fn shifted(self, weeks: i64) -> Self {
        Self {
            from: shifted(self.from, weeks),
            to: shifted(self.to, weeks),
        }
    }

    /// What is imported of a calendar of this span when no window is given: all of it, or three years around today
    /// when it is longer than that.
    #[must_use]
    pub fn bounded(self, today: NaiveDate) -> Self {
        if self.days() <= MOST_DAYS {
            return self;
        }
        let from = today - Days::new(DAYS_BEFORE);
        Self {
            from,
            to: from + Days::new(MOST_DAYS - 1),
        }
    }

    /// The smallest number of whole weeks by which a calendar of this span must move so that today and the 60 days
    /// after it lie inside it; when it is too short for that, so that it begins today or up to six days before.
    #[must_use]
    pub fn weeks_to_cover(self, today: NaiveDate) -> i64 {
        let behind = (today + TimeDelta::days(DAYS_AHEAD) - self.to).num_days();
        let ahead = (self.from - today).num_days();
        // Rounded up: a calendar may reach farther than needed, never less far.
        let forward = (behind.max(0) + 6) / 7;
        let latest = (-ahead).div_euclid(7);
        if ahead > 0 { latest } else { forward.min(latest) }
    }
}

/// A day, shifted by a number of whole weeks (earlier if negative).
#[must_use]
pub fn shifted(day: NaiveDate, weeks: i64) -> NaiveDate {
    day.checked_add_signed(TimeDelta::days(weeks * 7)).unwrap_or(day)
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}

impl FromStr for Window {
    type Err = ParseWindowError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once("..").ok_or(ParseWindowError)?;
        let day = |text: &str| NaiveDate::from_str(text.trim()).map_err(|_| ParseWindowError);
        let window = Self {
            from: day(from)?,
            to: day(to)?,
        };
        if window.from > window.to || window.days() > MOST_DAYS {
            return Err(ParseWindowError);
        }
        Ok(window)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rstest::rstest;

    use super::Window;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn window(text: &str) -> Window {
        let (from, to) = text.split_once("..").unwrap();
        Window {
            from: day(from),
            to: day(to),
        }
    }

    #[rstest]
    #[case::inside("2026-11-01..2027-10-31", "2026-11-21", 0)]
    #[case::first_day("2026-11-01..2027-10-31", "2026-11-01", 0)]
    #[case::last_day_that_needs_nothing("2026-11-01..2027-10-31", "2027-09-01", 0)]
    #[case::one_day_later("2026-11-01..2027-10-31", "2027-09-02", 1)]
    #[case::eight_days_later("2026-11-01..2027-10-31", "2027-09-09", 2)]
    #[case::before_the_calendar("2026-11-01..2027-10-31", "2026-10-31", -1)]
    #[case::a_week_before("2026-11-01..2027-10-31", "2026-10-25", -1)]
    #[case::eight_days_before("2026-11-01..2027-10-31", "2026-10-24", -2)]
    #[case::years_ago("2013-01-13..2014-12-28", "2026-11-21", 630)]
    #[case::too_short("2026-01-01..2026-01-31", "2026-03-10", 9)]
    fn shift_is_the_smallest_number_of_weeks(#[case] span: &str, #[case] today: &str, #[case] weeks: i64) {
        let (span, today) = (window(span), day(today));
        assert_eq!(span.weeks_to_cover(today), weeks);
        let moved = span.shifted(weeks);
        let covers = |w: Window| w.from <= today && today + chrono::TimeDelta::days(60) <= w.to;
        assert!(covers(moved) || span.days() < 67, "{moved}");
        if weeks != 0 && span.days() >= 67 {
            assert!(!covers(span.shifted(weeks - weeks.signum())), "one week less would do");
        }
    }

    #[test]
    fn only_a_calendar_longer_than_three_years_is_cut() {
        let today = day("2026-11-21");
        let whole = window("2013-01-13..2014-12-28");
        assert_eq!(whole.bounded(today), whole);
        let cut = window("2000-01-01..2099-12-31").bounded(today);
        assert_eq!((cut.from, cut.days()), (day("2026-10-21"), 1_096));
    }

    #[rstest]
    #[case("2026-11-01..2026-11-01", true)]
    #[case("2026-11-02..2026-11-01", false)]
    #[case("2026-11-01", false)]
    #[case("2000-01-01..2099-01-01", false)]
    fn parses_from_and_to(#[case] text: &str, #[case] good: bool) {
        assert_eq!(text.parse::<Window>().is_ok(), good);
    }
}
