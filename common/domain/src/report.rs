//! Reports of a company's tickets: their days, status and file name. The content of the file is in [`csv`], when a
//! report is made periodically in [`schedule`], and the mail about it in [`letter`].

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};
use super::zone::Zone;
use crate::id::{CompanyId, ReportId};

mod cell;
pub mod csv;
pub mod dialect;
pub mod letter;
mod record;
mod repeated;
pub mod schedule;

words! {
    /// Status of a report.
    ReportStatus, "Pending Processing Completed Failed" {
        /// Asked for, waiting for its turn.
        Pending = "Pending",
        /// Being made.
        Processing = "Processing",
        /// Its file exists, until its retention ends.
        Completed = "Completed",
        /// Given up; it can be asked for again.
        Failed = "Failed",
    }
}

impl ReportStatus {
    /// Whether it is still to be made.
    #[must_use]
    pub const fn is_unfinished(self) -> bool {
        matches!(self, Self::Pending | Self::Processing)
    }
}

words! {
    /// Which date of a ticket decides whether it is in a report.
    DateField, "createdAt departureDate" {
        /// When it was created.
        CreatedAt = "createdAt",
        /// When the passenger boards.
        DepartureDate = "departureDate",
    }
}

/// Days that a report covers at most, both ends counted: any year with a leap day fits.
pub const MAX_DAYS: i64 = 366;

/// How long a link to a file is valid.
pub const LINK_LIFETIME: TimeDelta = TimeDelta::minutes(15);

/// How long a link to a file in a mail is valid. Stores sign links for no longer.
pub const MAILED_LINK_LIFETIME: TimeDelta = TimeDelta::days(7);

/// How long after a report failed everything that its attempts left is removed. By then no attempt runs any more: the
/// lease of its queue is shorter.
pub const LEFTOVERS_AFTER: TimeDelta = TimeDelta::hours(1);

/// Calendar days in the company's time zone, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    from: NaiveDate,
    to: NaiveDate,
}

/// Days that no report can cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// The first day is not one of this platform's.
    #[error("must be between 2000-01-01 and 2199-12-31")]
    From,
    /// The last day is not one of this platform's.
    #[error("must be between 2000-01-01 and 2199-12-31")]
    To,
    /// It ends before it begins.
    #[error("must not be before dateFrom")]
    Reversed,
    /// It covers too much.
    #[error("must not cover more than 366 days from dateFrom, including both days")]
    TooLong,
}

impl Range {
    /// The days from `from` to `to`.
    ///
    /// # Errors
    /// See [`RangeError`].
    pub fn new(from: NaiveDate, to: NaiveDate) -> Result<Self, RangeError> {
        use chrono::Datelike;
        let known = |day: NaiveDate| (2000..2200).contains(&day.year());
        if !known(from) {
            Err(RangeError::From)
        } else if !known(to) {
            Err(RangeError::To)
        } else if to < from {
            Err(RangeError::Reversed)
        } else if (to - from).num_days() >= MAX_DAYS {
            Err(RangeError::TooLong)
        } else {
            Ok(Self { from, to })
        }
    }

    /// The first day.
    #[must_use]
    pub const fn from(self) -> NaiveDate {
        self.from
    }

    /// The last day.
    #[must_use]
    pub const fn to(self) -> NaiveDate {
        self.to
    }

    /// The instants between which its days lie in a zone: the first one, and the first one after it.
    #[must_use]
    pub fn instants(self, zone: &Zone) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| zone.instant(day.and_time(chrono::NaiveTime::MIN));
        let after = self.to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        (midnight(self.from), midnight(after))
    }

    /// The name under which people save the file.
    #[must_use]
    pub fn file_name(self) -> String {
        format!("orders-{}_{}.csv", self.from, self.to)
    }
}

/// Where everything of a report is in the store.
#[must_use]
pub fn folder(company_id: CompanyId, id: ReportId) -> String {
    format!("reports/{company_id}/{id}")
}

/// Where everything of an attempt at a report is. Each attempt has a place of its own, so that one that was given up
/// cannot write into the file of its successor.
#[must_use]
pub fn attempt_folder(company_id: CompanyId, id: ReportId, attempt: i16) -> String {
    format!("{}/{attempt}", folder(company_id, id))
}

/// How far a report is: the percentage of its rows that were written, 100 only when it is complete.
#[must_use]
pub fn progress(written: u64, total: u64) -> i16 {
    let percent = written.saturating_mul(100) / total.max(1);
    i16::try_from(percent.min(99)).unwrap_or(99)
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rstest::rstest;

    use super::{Range, RangeError, progress};
    use crate::zone::Zone;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[rstest]
    #[case("2026-11-01", "2026-11-01", Ok(()))]
    #[case("2028-01-01", "2028-12-31", Ok(()))] // a leap year
    #[case("2026-01-01", "2027-01-01", Ok(()))] // 366 days
    #[case("2026-01-01", "2027-01-02", Err(RangeError::TooLong))]
    #[case("2026-11-02", "2026-11-01", Err(RangeError::Reversed))]
    #[case("1999-12-31", "2000-01-01", Err(RangeError::From))]
    #[case("2199-12-31", "2200-01-01", Err(RangeError::To))]
    #[case("2199-12-31", "2199-12-31", Ok(()))]
    fn covers_a_year_at_most(#[case] from: &str, #[case] to: &str, #[case] expected: Result<(), RangeError>) {
        assert_eq!(Range::new(day(from), day(to)).map(|_| ()), expected);
    }

    #[test]
    fn its_days_are_days_of_the_zone_whatever_the_clocks_do() {
        let kyiv = Zone::named("Europe/Kyiv").unwrap();
        let instants = |from, to| {
            let (from, until) = Range::new(day(from), day(to)).unwrap().instants(&kyiv);
            (from.to_rfc3339(), until.to_rfc3339())
        };
        // The clocks go forward on 28 March: the day has 23 hours.
        assert_eq!(
            instants("2027-03-28", "2027-03-28"),
            (
                "2027-03-27T22:00:00+00:00".to_owned(),
                "2027-03-28T21:00:00+00:00".to_owned()
            )
        );
        assert_eq!(
            instants("2027-10-31", "2027-10-31"),
            (
                "2027-10-30T21:00:00+00:00".to_owned(),
                "2027-10-31T22:00:00+00:00".to_owned()
            )
        );
    }

    #[test]
    fn progress_is_complete_only_when_the_report_is() {
        assert_eq!(
            [(0, 0), (0, 7), (1, 7), (7, 7), (8, 7)].map(|(n, of)| progress(n, of)),
            [0, 0, 14, 99, 99]
        );
        assert_eq!(progress(u64::MAX, 3), 99);
    }
}
