//! The file of a report: CSV as RFC 4180 has it, in UTF-8 with a byte order mark (Excel takes it for another encoding
//! without one), lines end in CR LF. Columns never move; new ones are added at the end.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, FixedOffset, Timelike, Utc};
use csv::{Terminator, Writer, WriterBuilder};
use rust_decimal::Decimal;

use super::cell;
use crate::domain::order::State;
use crate::domain::zone::{LocalClock, UnknownZone, Zone};
use crate::id::{BookingId, TicketId};
use crate::money::Currency;

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
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// An order as a report tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The order.
    pub id: TicketId,
    /// Its present booking.
    pub booking_id: BookingId,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// As stored: not yet as it reads at a later time.
    pub state: State,
    /// Name of the route.
    pub route: String,
    /// When the passenger boards.
    pub boarding_at: DateTime<Utc>,
    /// IANA name of the zone of the stop of boarding.
    pub boarding_zone: String,
    /// City of boarding; empty when the stop has none.
    pub from_city: String,
    /// Stop of boarding.
    pub from_stop: String,
    /// City of alighting; empty when the stop has none.
    pub to_city: String,
    /// Stop of alighting.
    pub to_stop: String,
    /// Seat number.
    pub seat: i16,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// First phone.
    pub phone: Option<String>,
    /// What the passenger pays.
    pub price: Decimal,
    /// Of all sums.
    pub currency: Currency,
    /// What was taken off the price.
    pub discount: Decimal,
    /// What came back.
    pub refund: Option<Decimal>,
    /// Who sold it.
    pub partner: String,
    /// The fleet.
    pub carrier: String,
    /// Registration number of the bus, else its name.
    pub bus: String,
}

/// Writes lines.
#[derive(Debug)]
pub struct Sheet {
    now: DateTime<Utc>,
    company: LocalClock,
    zones: HashMap<String, LocalClock>,
    scratch: String,
}

/// A sheet that cannot be written on.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// A stop in a zone that the tz database does not know.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The CSV writer refused; it writes into memory and never does.
    #[error("CSV")]
    Csv(#[from] csv::Error),
}

impl Sheet {
    /// A sheet for a company in this zone; orders read as they do at `now`.
    #[must_use]
    pub fn new(company: Zone, now: DateTime<Utc>) -> Self {
        Self {
            now,
            company: LocalClock::new(company),
            zones: HashMap::new(),
            scratch: String::new(),
        }
    }

    /// What stands before all lines.
    ///
    /// # Errors
    /// See [`SheetError`].
    pub fn head() -> Result<Vec<u8>, SheetError> {
        let mut writer = writer(BYTE_ORDER_MARK.to_vec());
        writer.write_record(COLUMNS)?;
        finish(writer)
    }

    /// Lines as bytes of the file.
    ///
    /// # Errors
    /// See [`SheetError`].
    pub fn lines(&mut self, lines: &[Line]) -> Result<Vec<u8>, SheetError> {
        let mut writer = writer(Vec::with_capacity(lines.len() * 256));
        for line in lines {
            self.line(&mut writer, line)?;
        }
        finish(writer)
    }

    fn line(&mut self, writer: &mut Writer<Vec<u8>>, line: &Line) -> Result<(), SheetError> {
        let state = line.state.at(line.created_at, self.now);
        let created = self.company.local(line.created_at);
        let boarding = self.zone(&line.boarding_zone)?.local(line.boarding_at);
        let scratch = &mut self.scratch;
        put(writer, scratch, |cell| push(cell, &line.id))?;
        put(writer, scratch, |cell| push(cell, &line.booking_id))?;
        put(writer, scratch, |cell| push_time(cell, created))?;
        writer.write_field(state.status.word())?;
        writer.write_field(state.payment_status.word())?;
        put_text(writer, &line.route)?;
        put(writer, scratch, |cell| push_time(cell, boarding))?;
        put(writer, scratch, |cell| {
            push_place(cell, &line.from_city, &line.from_stop);
        })?;
        put(writer, scratch, |cell| {
            push_place(cell, &line.to_city, &line.to_stop);
        })?;
        put(writer, scratch, |cell| push(cell, &line.seat))?;
        put(writer, scratch, |cell| {
            push_parts(cell, &line.first_name, " ", &line.last_name);
        })?;
        put_text(writer, line.phone.as_deref().unwrap_or_default())?;
        put(writer, scratch, |cell| push(cell, &line.price))?;
        writer.write_field(line.currency.code())?;
        put(writer, scratch, |cell| push(cell, &line.discount))?;
        put(writer, scratch, |cell| {
            if let Some(refund) = line.refund {
                push(cell, &refund);
            }
        })?;
        put_text(writer, &line.partner)?;
        put(writer, scratch, |cell| push_parts(cell, &line.carrier, ", ", &line.bus))?;
        // Ends the record.
        Ok(writer.write_record(None::<&[u8]>)?)
    }

    fn zone(&mut self, name: &str) -> Result<&mut LocalClock, UnknownZone> {
        // Twice looked up, because the borrow of a hit would last over the insertion.
        if !self.zones.contains_key(name) {
            let clock = LocalClock::new(Zone::named(name)?);
            self.zones.insert(name.to_owned(), clock);
        }
        self.zones.get_mut(name).ok_or_else(|| UnknownZone(name.to_owned()))
    }
}

fn writer(buffer: Vec<u8>) -> Writer<Vec<u8>> {
    WriterBuilder::new().terminator(Terminator::CRLF).from_writer(buffer)
}

fn finish(writer: Writer<Vec<u8>>) -> Result<Vec<u8>, SheetError> {
    writer
        .into_inner()
        .map_err(|error| SheetError::Csv(error.into_error().into()))
}

/// A cell whose text is ours: ids, times, numbers.
fn put(writer: &mut Writer<Vec<u8>>, scratch: &mut String, fill: impl FnOnce(&mut String)) -> Result<(), csv::Error> {
    scratch.clear();
    fill(scratch);
    writer.write_field(scratch.as_bytes())
}

/// A cell whose text somebody typed.
fn put_text(writer: &mut Writer<Vec<u8>>, text: &str) -> Result<(), csv::Error> {
    writer.write_field(cell::text(text).as_bytes())
}

fn push(cell: &mut String, value: &impl std::fmt::Display) {
    use std::fmt::Write;
    // A String takes everything.
    let _ = write!(cell, "{value}");
}

/// City and stop; one of them where a stop is called after its city.
fn push_place(cell: &mut String, city: &str, stop: &str) {
    push_parts(cell, city, ", ", if stop == city { "" } else { stop });
}

/// Two texts that somebody typed, with something between them where both are there.
fn push_parts(cell: &mut String, first: &str, between: &str, second: &str) {
    cell.push_str(first);
    if !first.is_empty() && !second.is_empty() {
        cell.push_str(between);
    }
    cell.push_str(second);
    if let std::borrow::Cow::Owned(neutral) = cell::text(cell) {
        *cell = neutral;
    }
}

/// ISO 8601 with the numeric offset, to the second. By hand: it is most of what a line costs otherwise.
fn push_time(cell: &mut String, at: DateTime<FixedOffset>) {
    let two = |cell: &mut String, number: u32| {
        cell.push(char::from_digit(number / 10 % 10, 10).unwrap_or('0'));
        cell.push(char::from_digit(number % 10, 10).unwrap_or('0'));
    };
    let year = at.year().unsigned_abs();
    two(cell, year / 100);
    two(cell, year % 100);
    for (mark, number) in [
        ('-', at.month()),
        ('-', at.day()),
        ('T', at.hour()),
        (':', at.minute()),
        (':', at.second()),
    ] {
        cell.push(mark);
        two(cell, number);
    }
    let offset = at.offset().local_minus_utc();
    cell.push(if offset < 0 { '-' } else { '+' });
    let minutes = offset.unsigned_abs() / 60;
    two(cell, minutes / 60);
    cell.push(':');
    two(cell, minutes % 60);
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
