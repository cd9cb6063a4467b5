//! The file of a report: CSV according to RFC 4180, in UTF-8 with a byte order mark (without it, Excel assumes another
//! encoding), lines end in CR LF. Columns never move; new ones are added at the end. Numbers are unquoted, everything
//! else is quoted.

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use super::dialect::Dialect;
use super::record::{Record, push_id, push_text, push_time};
use super::repeated::RepeatedCells;
use crate::id::{BookingId, TicketId};
use crate::money::Currency;
use crate::ticket::State;
use crate::zone::{LocalClock, UnknownZone, Zone};

/// The columns, in their order.
pub const COLUMNS: [&str; 18] = [
    "Order id",
    "Booking id",
    "Created",
    "Status",
    "Payment status",
    "Route",
    "Departure",
    "From",
    "To",
    "Seat",
    "Passenger",
    "Phone",
    "Price",
    "Currency",
    "Discount",
    "Refund",
    "Partner",
    "Carrier bus",
];

/// What the file begins with.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// A ticket as a row of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// The ticket.
    pub id: TicketId,
    /// Its present booking.
    pub booking_id: BookingId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// As stored; the ticket may have expired since.
    pub state: State,
    /// Name of the route.
    pub route: &'a str,
    /// When the passenger boards.
    pub boarding_at: DateTime<Utc>,
    /// IANA name of the zone of the stop of boarding.
    pub boarding_zone: &'a str,
    /// City of boarding; empty when the stop has none.
    pub from_city: &'a str,
    /// Stop of boarding.
    pub from_stop: &'a str,
    /// City of alighting; empty when the stop has none.
    pub to_city: &'a str,
    /// Stop of alighting.
    pub to_stop: &'a str,
    /// Seat number.
    pub seat: i16,
    /// Given name.
    pub first_name: &'a str,
    /// Family name.
    pub last_name: &'a str,
    /// First phone.
    pub phone: Option<&'a str>,
    /// What the passenger pays.
    pub price: Decimal,
    /// Currency of all amounts.
    pub currency: Currency,
    /// What was taken off the price.
    pub discount: Decimal,
    /// Refunded amount.
    pub refund: Option<Decimal>,
    /// The partner that sold it.
    pub partner: &'a str,
    /// The carrier.
    pub carrier: &'a str,
    /// Registration number of the bus, else its name.
    pub bus: &'a str,
}

/// Writes lines.
#[derive(Debug)]
pub struct Sheet {
    now: DateTime<Utc>,
    dialect: Dialect,
    company: LocalClock,
    /// Zones of the stops so far: few, so that comparing names is quicker than hashing them.
    zones: Vec<(String, LocalClock)>,
    routes: RepeatedCells,
    stops: RepeatedCells,
    partners: RepeatedCells,
    buses: RepeatedCells,
    scratch: String,
}

impl Sheet {
    /// A sheet for a company in this zone; tickets read as they do at `now`.
    #[must_use]
    pub fn new(company: Zone, dialect: Dialect, now: DateTime<Utc>) -> Self {
        Self {
            now,
            dialect,
            company: LocalClock::new(company),
            zones: Vec::new(),
            routes: RepeatedCells::new(),
            stops: RepeatedCells::new(),
            partners: RepeatedCells::new(),
            buses: RepeatedCells::new(),
            scratch: String::new(),
        }
    }

    /// The header line.
    #[must_use]
    pub fn head(&self) -> Vec<u8> {
        let mut file = String::from(BYTE_ORDER_MARK).into_bytes();
        let mut record = Record::new(&mut file, self.dialect);
        for name in COLUMNS {
            record.text(name);
        }
        record.end();
        file
    }

    /// Adds a line to a part of the file.
    ///
    /// # Errors
    /// A stop in a zone that the tz database does not know.
    pub fn line(&mut self, file: &mut Vec<u8>, line: &Line<'_>) -> Result<(), UnknownZone> {
        let state = line.state.at(line.created_at, self.now);
        let created = self.company.local(line.created_at);
        let boarding = self.zone(line.boarding_zone)?.local(line.boarding_at);
        let scratch = &mut self.scratch;
        let mut record = Record::new(file, self.dialect);
        record.own(|cell| push_id(cell, TicketId::PREFIX, line.id.0));
        record.own(|cell| push_id(cell, BookingId::PREFIX, line.booking_id.0));
        record.own(|cell| push_time(cell, created));
        record.own(|cell| cell.extend_from_slice(state.status.word().as_bytes()));
        record.own(|cell| cell.extend_from_slice(state.payment_status.word().as_bytes()));
        record.written(self.routes.cell(line.route, "", |cell| push_text(cell, line.route)));
        record.own(|cell| push_time(cell, boarding));
        for (city, stop) in [(line.from_city, line.from_stop), (line.to_city, line.to_stop)] {
            let write = |cell: &mut Vec<u8>| push_text(cell, place(scratch, city, stop));
            record.written(self.stops.cell(city, stop, write));
        }
        record.number(line.seat);
        record.text(joined(scratch, line.first_name, " ", line.last_name));
        record.text(line.phone.unwrap_or_default());
        record.money(Some(line.price));
        record.own(|cell| cell.extend_from_slice(line.currency.code().as_bytes()));
        record.money(Some(line.discount));
        record.money(line.refund);
        record.written(
            self.partners
                .cell(line.partner, "", |cell| push_text(cell, line.partner)),
        );
        let write = |cell: &mut Vec<u8>| push_text(cell, joined(scratch, line.carrier, ", ", line.bus));
        record.written(self.buses.cell(line.carrier, line.bus, write));
        record.end();
        Ok(())
    }

    fn zone(&mut self, name: &str) -> Result<&mut LocalClock, UnknownZone> {
        let known = self.zones.iter().position(|(known, _)| known == name);
        let at = match known {
            Some(at) => at,
            None => {
                let clock = LocalClock::new(Zone::named(name)?);
                self.zones.push((name.to_owned(), clock));
                self.zones.len() - 1
            }
        };
        Ok(&mut self.zones[at].1)
    }
}

/// City and stop; only one of them where a stop is called after its city.
fn place<'a>(scratch: &'a mut String, city: &str, stop: &str) -> &'a str {
    joined(scratch, city, ", ", if stop == city { "" } else { stop })
}

/// Two texts, with something between them where both are there.
fn joined<'a>(scratch: &'a mut String, first: &str, between: &str, second: &str) -> &'a str {
    scratch.clear();
    scratch.push_str(first);
    if !first.is_empty() && !second.is_empty() {
        scratch.push_str(between);
    }
    scratch.push_str(second);
    scratch
}

#[cfg(test)]
#[path = "csv_tests.rs"]
mod tests;
