//! A line of a CSV file, cell by cell (RFC 4180). What is in the cells of a report is in [`super::csv`].

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::cell;
use super::dialect::Dialect;

/// A record that is being written.
pub(super) struct Record<'a> {
    file: &'a mut String,
    dialect: Dialect,
    begun: bool,
}

impl<'a> Record<'a> {
    pub fn new(file: &'a mut String, dialect: Dialect) -> Self {
        Self {
            file,
            dialect,
            begun: false,
        }
    }

    fn next(&mut self) {
        if self.begun {
            self.file.push(self.dialect.delimiter.character());
        }
        self.begun = true;
    }

    /// A cell with text that the platform writes (ids, times, words), without quotes in it.
    pub fn own(&mut self, fill: impl FnOnce(&mut String)) {
        self.next();
        self.file.push('"');
        fill(self.file);
        self.file.push('"');
    }

    /// A cell with text that was typed by a person.
    pub fn text(&mut self, text: &str) {
        self.next();
        self.file.push('"');
        for (at, part) in cell::text(text).split('"').enumerate() {
            if at > 0 {
                self.file.push_str("\"\"");
            }
            self.file.push_str(part);
        }
        self.file.push('"');
    }

    /// A whole number.
    pub fn number(&mut self, fill: impl FnOnce(&mut String)) {
        self.next();
        fill(self.file);
    }

    /// A sum with two decimals; none is an empty cell.
    pub fn money(&mut self, amount: Option<Decimal>) {
        self.next();
        let Some(amount) = amount else { return };
        let (delimiter, mark) = (self.dialect.delimiter.character(), self.dialect.decimal.character());
        let quote = if mark == delimiter { "\"" } else { "" };
        let mut amount = amount.round_dp(2);
        amount.rescale(2);
        let hundredths = amount.mantissa();
        self.file.push_str(quote);
        if hundredths < 0 {
            self.file.push('-');
        }
        let rest = match u64::try_from(hundredths.unsigned_abs()) {
            // Every sum of the database: to divide and to print 128 bits takes several times as long.
            Ok(size) => {
                push(self.file, &(size / 100));
                u32::try_from(size % 100)
            }
            Err(_) => {
                push(self.file, &(hundredths.unsigned_abs() / 100));
                u32::try_from(hundredths.unsigned_abs() % 100)
            }
        };
        self.file.push(mark);
        two_digits(self.file, rest.unwrap_or_default());
        self.file.push_str(quote);
    }

    pub fn end(self) {
        self.file.push_str("\r\n");
    }
}

pub(super) fn push(cell: &mut String, value: &impl std::fmt::Display) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = write!(cell, "{value}");
}

/// An id as it reads everywhere. Written by hand, because it takes a formatter several times as long.
pub(super) fn push_id(cell: &mut String, prefix: &str, id: Uuid) {
    cell.push_str(prefix);
    cell.push('_');
    cell.push_str(id.simple().encode_lower(&mut Uuid::encode_buffer()));
}

/// The last two digits of a number.
fn two_digits(cell: &mut String, number: u32) {
    cell.push(char::from_digit(number / 10 % 10, 10).unwrap_or('0'));
    cell.push(char::from_digit(number % 10, 10).unwrap_or('0'));
}

/// ISO 8601 with the numeric offset, to the second. Written by hand, because a formatter would take most of the time of
/// a line.
pub(super) fn push_time(cell: &mut String, at: DateTime<FixedOffset>) {
    // Taken once: each getter of an instant with an offset computes it.
    let local = at.naive_local();
    let year = local.year().unsigned_abs();
    two_digits(cell, year / 100);
    two_digits(cell, year % 100);
    for (mark, number) in [
        ('-', local.month()),
        ('-', local.day()),
        ('T', local.hour()),
        (':', local.minute()),
        (':', local.second()),
    ] {
        cell.push(mark);
        two_digits(cell, number);
    }
    let offset = at.offset().local_minus_utc();
    cell.push(if offset < 0 { '-' } else { '+' });
    let minutes = offset.unsigned_abs() / 60;
    two_digits(cell, minutes / 60);
    cell.push(':');
    two_digits(cell, minutes % 60);
}
