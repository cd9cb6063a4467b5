//! Usage of the API by partners, by day: calls, searches and bookings.

use std::ops::AddAssign;

use chrono::{Days, NaiveDate};
use rust_decimal::{Decimal, RoundingStrategy};

use super::rate_limit::Class;
use super::ticket::Action;
use crate::error::FieldError;

/// Days that partners are shown, today included.
pub const SHOWN_DAYS: u64 = 90;

/// Activity of a partner.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Requests with a valid key, by class, regardless of the response.
    pub requests: [u64; Class::ALL.len()],
    /// Those of them that were answered 429.
    pub limited: u64,
    /// Searches that were answered: of offers, and of the schedule with a key.
    pub looks: u64,
    /// Departures in those responses.
    pub offers: u64,
    /// Bookings that were created.
    pub bookings: u64,
    /// Tickets that were booked, to be paid on the bus.
    pub tickets_booked: u64,
    /// Tickets that were paid.
    pub tickets_paid: u64,
    /// Tickets that the partner canceled.
    pub tickets_canceled: u64,
}

impl Counts {
    /// A request.
    #[must_use]
    pub fn request(class: Class, limited: bool) -> Self {
        let mut counts = Self {
            limited: limited.into(),
            ..Self::default()
        };
        counts.requests[class as usize] = 1;
        counts
    }

    /// A search and the number of departures in its response.
    #[must_use]
    pub fn look(offers: usize) -> Self {
        Self {
            looks: 1,
            offers: offers as u64,
            ..Self::default()
        }
    }

    /// A booking that was created.
    #[must_use]
    pub fn booking() -> Self {
        Self {
            bookings: 1,
            ..Self::default()
        }
    }

    /// An action and the number of its tickets.
    #[must_use]
    pub fn action(action: Action, tickets: usize) -> Self {
        let tickets = tickets as u64;
        let mut counts = Self::default();
        match action {
            Action::Pay => counts.tickets_paid = tickets,
            Action::Book => counts.tickets_booked = tickets,
            Action::Cancel => counts.tickets_canceled = tickets,
        }
        counts
    }

    /// Searches per booking that was created, to a hundredth, rounded half up; `None` without a booking.
    #[must_use]
    pub fn look_to_book(&self) -> Option<Decimal> {
        let ratio = Decimal::from(self.looks).checked_div(Decimal::from(self.bookings))?;
        Some(ratio.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero))
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, more: Self) {
        for (mine, more) in self.requests.iter_mut().zip(more.requests) {
            *mine += more;
        }
        self.limited += more.limited;
        self.looks += more.looks;
        self.offers += more.offers;
        self.bookings += more.bookings;
        self.tickets_booked += more.tickets_booked;
        self.tickets_paid += more.tickets_paid;
        self.tickets_canceled += more.tickets_canceled;
    }
}

/// Days that a partner asks about, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first.
    pub from: NaiveDate,
    /// The last.
    pub to: NaiveDate,
}

impl Period {
    /// The requested days, at most the last [`SHOWN_DAYS`], which are the default.
    ///
    /// # Errors
    /// Every end that is out of bounds.
    pub fn new(from: Option<NaiveDate>, to: Option<NaiveDate>, today: NaiveDate) -> Result<Self, Vec<FieldError>> {
        let first = today.checked_sub_days(Days::new(SHOWN_DAYS - 1)).unwrap_or(today);
        let period = Self {
            from: from.unwrap_or(first),
            to: to.unwrap_or(today),
        };
        let mut wrong = Vec::new();
        if period.from < first {
            let message = format!("must be at least {first}: only the last {SHOWN_DAYS} days are available");
            wrong.push(FieldError::new("from", "min", message));
        }
        if period.to > today {
            wrong.push(FieldError::new("to", "max", format!("must be at most {today}")));
        }
        if wrong.is_empty() && period.from > period.to {
            wrong.push(FieldError::new("to", "min", "must not be before from"));
        }
        if wrong.is_empty() { Ok(period) } else { Err(wrong) }
    }

    /// Its days, in order.
    pub fn days(self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_days().take_while(move |day| *day <= self.to)
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use rstest::rstest;
    use rust_decimal::{Decimal, dec};

    use super::{Counts, Period, SHOWN_DAYS};

    #[rstest]
    #[case(0, 0, None)]
    #[case(7, 0, None)]
    #[case(0, 3, Some(dec!(0)))]
    #[case(10, 1, Some(dec!(10)))]
    #[case(10, 3, Some(dec!(3.33)))]
    #[case(20, 3, Some(dec!(6.67)))]
    #[case(1, 8, Some(dec!(0.13)))]
    #[case(u64::MAX, 1, Some(Decimal::from(u64::MAX)))]
    fn the_ratio_is_exact_to_a_hundredth(#[case] looks: u64, #[case] bookings: u64, #[case] ratio: Option<Decimal>) {
        let counts = Counts {
            looks,
            bookings,
            ..Counts::default()
        };
        assert_eq!(counts.look_to_book(), ratio);
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[rstest]
    #[case(None, None, Ok(SHOWN_DAYS as usize))]
    #[case(Some("2027-02-01"), None, Ok(1))]
    #[case(Some("2027-01-30"), Some("2027-01-31"), Ok(2))]
    #[case(Some("2026-11-04"), Some("2027-02-01"), Ok(90))]
    #[case(Some("2026-11-03"), None, Err("from"))]
    #[case(None, Some("2027-02-02"), Err("to"))]
    #[case(Some("2027-01-31"), Some("2027-01-30"), Err("to"))]
    #[case(Some("0001-01-01"), Some("9999-12-31"), Err("from to"))]
    #[case(None, Some("2026-01-01"), Err("to"))]
    fn a_period_is_within_the_last_90_days(
        #[case] from: Option<&str>,
        #[case] to: Option<&str>,
        #[case] expected: Result<usize, &str>,
    ) {
        let period = Period::new(from.map(day), to.map(day), day("2027-02-01"));
        let seen = period.map(|period| period.days().count()).map_err(|wrong| {
            let fields: Vec<_> = wrong.into_iter().map(|error| error.field).collect();
            fields.join(" ")
        });
        assert_eq!(seen, expected.map_err(str::to_owned));
    }
}
