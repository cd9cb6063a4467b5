//! Schedules of reports: on which days and at what time a report is made, and which days it covers.
//!
//! Days and times are those of the company's time zone. A local time that does not exist on a day, because the clocks
//! go forward, is the end of the gap; one that exists twice is its first occurrence.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days as DayCount, Months, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Range, RangeError};
use crate::language::{UnknownWord, words};
use crate::zone::Zone;

/// Recipients that a schedule has at most.
pub const MAX_RECIPIENTS: usize = 10;

/// Schedules that a company has at most.
pub const MAX_SCHEDULES: i64 = 20;

/// Days between two occurrences at most: from the last day of a month to that of the next, and one day for the zone.
const LONGEST_PAUSE: u64 = 33;

words! {
    /// Which days a scheduled report covers, seen from the day on which it is due.
    Period, "yesterday lastWeek thisWeek next7Days thisMonth lastMonth" {
        /// The day before.
        Yesterday = "yesterday",
        /// Monday to Sunday of the week before.
        LastWeek = "lastWeek",
        /// Monday to Sunday of the week of the day.
        ThisWeek = "thisWeek",
        /// The day and the six after it.
        Next7Days = "next7Days",
        /// The whole month of the day.
        ThisMonth = "thisMonth",
        /// The whole month before.
        LastMonth = "lastMonth",
    }
}

words! {
    /// Why a scheduled report did not reach its recipients.
    RunFailure, "NotRequested NotMade NotMailed" {
        /// It was never asked for.
        NotRequested = "NotRequested",
        /// It was asked for, and given up.
        NotMade = "NotMade",
        /// It was made, but not all of its mails could be written or sent.
        NotMailed = "NotMailed",
    }
}

impl Period {
    /// The days of the period, seen from `day`.
    ///
    /// # Errors
    /// When they are not days of this platform.
    pub fn range(self, day: NaiveDate) -> Result<Range, RangeError> {
        let before = |day: NaiveDate, days: u64| day.checked_sub_days(DayCount::new(days)).unwrap_or(NaiveDate::MIN);
        let after = |day: NaiveDate, days: u64| day.checked_add_days(DayCount::new(days)).unwrap_or(NaiveDate::MAX);
        let monday = before(day, day.weekday().num_days_from_monday().into());
        let first = day.with_day(1).unwrap_or(day);
        let (from, to) = match self {
            Self::Yesterday => (before(day, 1), before(day, 1)),
            Self::LastWeek => (before(monday, 7), before(monday, 1)),
            Self::ThisWeek => (monday, after(monday, 6)),
            Self::Next7Days => (day, after(day, 6)),
            Self::ThisMonth => (first, last_of_month(day)),
            Self::LastMonth => (
                first.checked_sub_months(Months::new(1)).unwrap_or(NaiveDate::MIN),
                before(first, 1),
            ),
        };
        Range::new(from, to)
    }
}

/// The last day of the month of a day.
fn last_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(day.num_days_in_month().into()).unwrap_or(day)
}

words! {
    /// A day of the week.
    Weekday, "Monday Tuesday Wednesday Thursday Friday Saturday Sunday" {
        /// The first day of the week.
        Monday = "Monday",
        /// The second.
        Tuesday = "Tuesday",
        /// The third.
        Wednesday = "Wednesday",
        /// The fourth.
        Thursday = "Thursday",
        /// The fifth.
        Friday = "Friday",
        /// The sixth.
        Saturday = "Saturday",
        /// The seventh.
        Sunday = "Sunday",
    }
}

/// Days of the week, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weekdays(u8);

impl Weekdays {
    /// These days; `None` when there is none.
    #[must_use]
    pub fn of(days: &[Weekday]) -> Option<Self> {
        let bits = days.iter().fold(0, |bits, day| bits | Self::bit(*day as u32));
        (bits != 0).then_some(Self(bits))
    }

    /// From what is stored.
    #[must_use]
    pub fn stored(bits: i16) -> Option<Self> {
        let bits = u8::try_from(bits).ok()?;
        (1..128).contains(&bits).then_some(Self(bits))
    }

    /// As it is stored: a bit for each day, 1 for Monday.
    #[must_use]
    pub fn bits(self) -> i16 {
        self.0.into()
    }

    /// The days, Monday first.
    #[must_use]
    pub fn list(self) -> Vec<Weekday> {
        let all = Weekday::ALL.iter().copied();
        all.filter(|day| self.0 & Self::bit(*day as u32) != 0).collect()
    }

    fn contains(self, day: NaiveDate) -> bool {
        self.0 & Self::bit(day.weekday().num_days_from_monday()) != 0
    }

    const fn bit(days_from_monday: u32) -> u8 {
        1 << days_from_monday
    }
}

/// On which days a report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Days {
    /// On these days of every week.
    OfWeek(Weekdays),
    /// On this day of every month, from 1; on the last day of months that have fewer.
    OfMonth(u8),
}

impl Days {
    /// From what is stored: days of the week, or a day of the month.
    #[must_use]
    pub fn stored(weekdays: Option<i16>, day_of_month: Option<i16>) -> Option<Self> {
        match (weekdays, day_of_month) {
            (Some(bits), None) => Weekdays::stored(bits).map(Self::OfWeek),
            (None, Some(day)) => u8::try_from(day).ok().map(Self::OfMonth),
            _ => None,
        }
    }

    /// The days of the week.
    #[must_use]
    pub const fn weekdays(self) -> Option<Weekdays> {
        match self {
            Self::OfWeek(weekdays) => Some(weekdays),
            Self::OfMonth(_) => None,
        }
    }

    /// The day of the month.
    #[must_use]
    pub const fn day_of_month(self) -> Option<u8> {
        match self {
            Self::OfWeek(_) => None,
            Self::OfMonth(day) => Some(day),
        }
    }

    fn contain(self, day: NaiveDate) -> bool {
        match self {
            Self::OfWeek(weekdays) => weekdays.contains(day),
            Self::OfMonth(wanted) => day.day() == u32::from(wanted).min(day.num_days_in_month().into()),
        }
    }
}

/// When a report is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// On which days.
    pub days: Days,
    /// At what time of the day, to the minute.
    pub time: NaiveTime,
}

impl Timing {
    /// The first occurrence after an instant; `None` at the end of time.
    #[must_use]
    pub fn next(&self, zone: &Zone, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let first = zone.day(after).checked_sub_days(DayCount::new(1))?;
        let days = first.iter_days().take(LONGEST_PAUSE as usize + 2);
        self.occurrences(zone, days).find(|at| *at > after)
    }

    /// The last occurrence up to an instant; `None` at the beginning of time.
    #[must_use]
    pub fn latest(&self, zone: &Zone, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let last = zone.day(until);
        let days = (0..=LONGEST_PAUSE).map_while(|back| last.checked_sub_days(DayCount::new(back)));
        self.occurrences(zone, days).find(|at| *at <= until)
    }

    fn occurrences(&self, zone: &Zone, days: impl Iterator<Item = NaiveDate>) -> impl Iterator<Item = DateTime<Utc>> {
        let Self { days: wanted, time } = *self;
        days.filter(move |day| wanted.contain(*day))
            .map(move |day| zone.instant_from(day.and_time(time)))
    }
}

#[cfg(test)]
#[path = "schedule_tests.rs"]
mod tests;
