//! The rows of sales as columns, for the one statement that writes them.

use chrono::{DateTime, Utc};
use domain::booking::Passenger;
use domain::language::Language;
use domain::reference::Reference;
use ledger::Cause;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::passenger::Columns as People;
use crate::record::{Columns as RecordColumns, Records};
use crate::ticket::{Common, NewTicket};

/// The rows that the sale of a booking writes.
#[derive(Debug, Clone, Copy)]
pub struct Sale<'a> {
    /// What its tickets have in common.
    pub common: &'a Common<'a>,
    /// Language of the booking.
    pub language: Language,
    /// The tickets, each at the index of its passenger.
    pub tickets: &'a [NewTicket],
    /// Passengers.
    pub passengers: &'a [Passenger],
    /// The records that are written with them.
    pub records: &'a Records,
    /// The request.
    pub cause: &'a Cause,
}

/// One entry per booking.
#[derive(Debug, Default)]
pub(super) struct Bookings {
    pub ids: Vec<Uuid>,
    pub languages: Vec<String>,
    pub currencies: Vec<String>,
    pub departures: Vec<DateTime<Utc>>,
    pub references: Vec<String>,
}

/// One entry per ticket, in the order of the passengers.
#[derive(Debug, Default)]
pub(super) struct Tickets {
    pub ids: Vec<Uuid>,
    pub bookings: Vec<Uuid>,
    pub boardings: Vec<i16>,
    pub alightings: Vec<i16>,
    pub boarding_times: Vec<DateTime<Utc>>,
    pub seats: Vec<i16>,
    pub price_ids: Vec<Uuid>,
    pub prices: Vec<Decimal>,
    pub full_prices: Vec<Decimal>,
    pub currencies: Vec<String>,
    pub discounts: Vec<Option<Uuid>>,
    pub prepaid: Vec<Decimal>,
    pub notes: Vec<Option<String>>,
    pub references: Vec<String>,
}

/// The columns of sales.
pub(super) struct Columns {
    pub bookings: Bookings,
    pub people: People,
    pub tickets: Tickets,
    pub records: RecordColumns,
}

impl Columns {
    pub(super) fn of(sales: &[Sale<'_>]) -> Self {
        let mut columns = Self {
            bookings: Bookings::default(),
            people: People::of(sales.iter().flat_map(|sale| sale.passengers)),
            tickets: Tickets::default(),
            records: RecordColumns::default(),
        };
        for sale in sales {
            columns.bookings.add(sale);
            columns.tickets.add(sale);
            columns.records.add(sale.records);
        }
        columns
    }
}

impl Bookings {
    fn add(&mut self, sale: &Sale<'_>) {
        let common = sale.common;
        self.ids.push(common.booking_id.0);
        self.languages.push(sale.language.to_string());
        self.currencies.push(common.currency.code().to_owned());
        self.departures.push(common.boarding_at);
        self.references
            .push(Reference::candidate(common.booking_id.0).to_string());
    }
}

impl Tickets {
    fn add(&mut self, sale: &Sale<'_>) {
        let common = sale.common;
        for ticket in sale.tickets {
            self.ids.push(ticket.id.0);
            self.bookings.push(common.booking_id.0);
            self.boardings.push(small(common.boarding));
            self.alightings.push(small(common.alighting));
            self.boarding_times.push(common.boarding_at);
            self.seats.push(small(ticket.seat));
            self.price_ids.push(common.price_id.0);
            self.prices.push(ticket.price);
            self.full_prices.push(common.full_price);
            self.currencies.push(common.currency.code().to_owned());
            self.discounts.push(ticket.discount_id.map(|discount| discount.0));
            self.prepaid.push(ticket.prepaid);
            self.notes.push(common.note.map(str::to_owned));
            self.references.push(Reference::candidate(ticket.id.0).to_string());
        }
    }
}

/// A number of seats or stops as the database stores it.
pub(super) fn small(number: u16) -> i16 {
    i16::try_from(number).unwrap_or(i16::MAX)
}
