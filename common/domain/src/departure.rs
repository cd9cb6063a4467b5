//! Departures (a trip on a service day): their public ids, and whether they are on sale.

use std::fmt;
use std::str::FromStr;

use chrono::format::{Item, Numeric, Pad};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::id::ParseIdError;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};
use super::ticket::PaymentStatus;
use crate::id::TripId;

words! {
    /// Whether a departure is on sale.
    SaleStatus, "OnSale Closed Withdrawn Over" {
        /// It is sold until its boarding ends.
        OnSale = "OnSale",
        /// The company closed it.
        Closed = "Closed",
        /// An import took it off sale: the timetable does not have it any more, or it may be another one that was sold.
        Withdrawn = "Withdrawn",
        /// Boarding is no longer possible.
        Over = "Over",
    }
}

impl SaleStatus {
    /// The status at `now` of a departure on which one can board until `last_boarding`.
    #[must_use]
    pub fn at(now: DateTime<Utc>, last_boarding: DateTime<Utc>, is_withdrawn: bool, is_closed: bool) -> Self {
        match (now < last_boarding, is_withdrawn, is_closed) {
            (false, ..) => Self::Over,
            (true, true, _) => Self::Withdrawn,
            (true, false, true) => Self::Closed,
            (true, false, false) => Self::OnSale,
        }
    }
}

/// The format of a day in ids, `20260610`. It is not parsed again for each id, of which a search has dozens.
pub const COMPACT_DAY: [Item<'static>; 3] = [
    Item::Numeric(Numeric::Year, Pad::Zero),
    Item::Numeric(Numeric::Month, Pad::Zero),
    Item::Numeric(Numeric::Day, Pad::Zero),
];

/// The public id of a departure. It changes when a timetable is published in which its trip has another id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DepartureId {
    /// Its trip.
    pub trip_id: TripId,
    /// Its service day.
    pub service_day: NaiveDate,
}

impl DepartureId {
    /// The text before the first underscore.
    pub const PREFIX: &'static str = "dep";
}

impl fmt::Display for DepartureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        kernel::id::write(f, Self::PREFIX, self.trip_id.0)?;
        write!(f, "_{}", self.service_day.format_with_items(COMPACT_DAY.iter()))
    }
}

impl FromStr for DepartureId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = ParseIdError { prefix: Self::PREFIX };
        let (trip, day) = text.rsplit_once('_').ok_or(wrong)?;
        if day.len() != 8 || !day.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(wrong);
        }
        Ok(Self {
            trip_id: TripId(kernel::id::parse(Self::PREFIX, trip)?),
            service_day: NaiveDate::parse_from_str(day, "%Y%m%d").map_err(|_| wrong)?,
        })
    }
}

/// What a passenger with a seat still pays on board, in the currency of the price.
#[must_use]
pub fn due_on_board(payment: PaymentStatus, price: Decimal, prepaid: Decimal) -> Decimal {
    match payment {
        PaymentStatus::Paid => Decimal::ZERO,
        PaymentStatus::Prepaid => price - prepaid,
        // What a partner noted as prepaid counts only when the company has recorded it.
        PaymentStatus::Unpaid | PaymentStatus::Booked => price,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use rust_decimal::{Decimal, dec};

    use super::{DepartureId, SaleStatus, due_on_board};
    use crate::ticket::PaymentStatus;

    #[rstest]
    #[case(PaymentStatus::Paid, dec!(0))]
    #[case(PaymentStatus::Prepaid, dec!(300))]
    #[case(PaymentStatus::Booked, dec!(400))]
    #[case(PaymentStatus::Unpaid, dec!(400))]
    fn what_is_not_paid_is_due_on_board(#[case] payment: PaymentStatus, #[case] due: Decimal) {
        assert_eq!(due_on_board(payment, dec!(400), dec!(100)), due);
    }

    #[test]
    fn an_id_is_parsed_as_it_is_printed() {
        let text = "dep_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_20260610";
        let id: DepartureId = text.parse().unwrap();
        assert_eq!(
            (id.to_string().as_str(), id.service_day.to_string().as_str()),
            (text, "2026-06-10")
        );
    }

    #[rstest]
    #[case("")]
    #[case("dep_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a")]
    #[case("trp_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_20260610")]
    #[case("dep_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_20260631")]
    #[case("dep_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_2026061")]
    #[case("dep_01980c6a5f0e7d8c9b3a2f1e0d4c5b6a_+2026061")]
    #[case("dep_01980C6A5F0E7D8C9B3A2F1E0D4C5B6A_20260610")]
    fn other_texts_are_no_id(#[case] text: &str) {
        assert!(text.parse::<DepartureId>().is_err());
    }

    #[test]
    fn what_is_over_is_neither_closed_nor_withdrawn() {
        let noon = "2027-02-01T12:00:00Z".parse().unwrap();
        let later = "2027-02-01T12:00:01Z".parse().unwrap();
        assert_eq!(SaleStatus::at(noon, later, false, false), SaleStatus::OnSale);
        assert_eq!(SaleStatus::at(noon, later, false, true), SaleStatus::Closed);
        assert_eq!(SaleStatus::at(noon, later, true, true), SaleStatus::Withdrawn);
        assert_eq!(SaleStatus::at(later, later, true, true), SaleStatus::Over);
    }
}
