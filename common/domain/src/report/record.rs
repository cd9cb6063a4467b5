//! A line of a CSV file, cell by cell (RFC 4180). What is in the cells of a report is in [`super::csv`]. Numbers, ids and
//! times are written by hand, since a formatter takes several times as long.

use chrono::{DateTime, Datelike, FixedOffset, Timelike};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::cell;
use super::dialect::Dialect;

/// A record that is being written.
pub(super) struct Record<'a> {
    file: &'a mut Vec<u8>,
    dialect: Dialect,
    begun: bool,
}

impl<'a> Record<'a> {
    pub fn new(file: &'a mut Vec<u8>, dialect: Dialect) -> Self {
        Self {
            file,
            dialect,
            begun: false,
        }
    }

    fn next(&mut self) {
        if self.begun {
            self.file.push(self.dialect.delimiter.byte());
        }
        self.begun = true;
    }

    /// A cell with text that the platform writes (ids, times, words), without quotes in it.
    pub fn own(&mut self, fill: impl FnOnce(&mut Vec<u8>)) {
        self.next();
        self.file.push(b'"');
        fill(self.file);
        self.file.push(b'"');
    }

    /// A cell with text that was typed by a person.
    pub fn text(&mut self, text: &str) {
        self.next();
        push_text(self.file, text);
    }

    /// A cell that [`push_text`] has written before.
    pub fn written(&mut self, cell: &[u8]) {
        self.next();
        self.file.extend_from_slice(cell);
    }

    /// A whole number.
    pub fn number(&mut self, number: i16) {
        self.next();
        if number < 0 {
            self.file.push(b'-');
        }
        push_whole(self.file, number.unsigned_abs().into());
    }

    /// A sum with two decimals; none is an empty cell.
    pub fn money(&mut self, amount: Option<Decimal>) {
        self.next();
        let Some(amount) = amount else { return };
        let (delimiter, mark) = (self.dialect.delimiter.byte(), self.dialect.decimal.byte());
        let is_quoted = mark == delimiter;
        let mut amount = amount.round_dp(2);
        amount.rescale(2);
        let hundredths = amount.mantissa();
        if is_quoted {
            self.file.push(b'"');
        }
        if hundredths < 0 {
            self.file.push(b'-');
        }
        let rest = match u64::try_from(hundredths.unsigned_abs()) {
            // Every sum of the database: to divide 128 bits takes several times as long.
            Ok(size) => {
                push_whole(self.file, size / 100);
                u32::try_from(size % 100)
            }
            Err(_) => {
                let whole = (hundredths.unsigned_abs() / 100).to_string();
                self.file.extend_from_slice(whole.as_bytes());
                u32::try_from(hundredths.unsigned_abs() % 100)
            }
        };
        self.file.push(mark);
        self.file.extend_from_slice(&two_digits(rest.unwrap_or_default()));
        if is_quoted {
            self.file.push(b'"');
        }
    }

    pub fn end(self) {
        self.file.extend_from_slice(b"\r\n");
    }
}

/// A text that was typed by a person, in quotes.
pub(super) fn push_text(cell: &mut Vec<u8>, text: &str) {
    cell.push(b'"');
    for (is_marked, part) in cell::parts(text) {
        if is_marked {
            cell.push(b'\'');
        }
        for (at, piece) in part.split('"').enumerate() {
            if at > 0 {
                cell.extend_from_slice(b"\"\"");
            }
            cell.extend_from_slice(piece.as_bytes());
        }
    }
    cell.push(b'"');
}

/// An id as it reads everywhere.
pub(super) fn push_id(cell: &mut Vec<u8>, prefix: &str, id: Uuid) {
    cell.extend_from_slice(prefix.as_bytes());
    cell.push(b'_');
    cell.extend_from_slice(id.simple().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
}

/// ISO 8601 with the numeric offset, to the second.
pub(super) fn push_time(cell: &mut Vec<u8>, at: DateTime<FixedOffset>) {
    // Taken once: each getter of an instant with an offset computes it.
    let local = at.naive_local();
    let year = local.year().unsigned_abs();
    let offset = at.offset().local_minus_utc();
    let minutes = offset.unsigned_abs() / 60;
    let mut text = *b"0000-00-00T00:00:00+00:00";
    for (begin, number) in [
        (0, year / 100),
        (2, year % 100),
        (5, local.month()),
        (8, local.day()),
        (11, local.hour()),
        (14, local.minute()),
        (17, local.second()),
        (20, minutes / 60),
        (23, minutes % 60),
    ] {
        text[begin..begin + 2].copy_from_slice(&two_digits(number));
    }
    if offset < 0 {
        text[19] = b'-';
    }
    cell.extend_from_slice(&text);
}

/// The numbers from 0 to 99 in two digits.
static PAIRS: [[u8; 2]; 100] = {
    let mut pairs = [[b'0'; 2]; 100];
    let mut number = 0_u8;
    while number < 100 {
        pairs[number as usize] = [b'0' + number / 10, b'0' + number % 10];
        number += 1;
    }
    pairs
};

/// The last two digits of a number.
fn two_digits(number: u32) -> [u8; 2] {
    PAIRS[(number % 100) as usize]
}

/// A number without leading zeros.
fn push_whole(cell: &mut Vec<u8>, number: u64) {
    // Ten pairs, since the largest number has twenty digits. They are filled from the end.
    let mut digits = [0; 20];
    let mut begin = digits.len();
    let mut left = number;
    while begin == digits.len() || left > 0 {
        begin -= 2;
        digits[begin..begin + 2].copy_from_slice(&PAIRS[(left % 100) as usize]);
        left /= 100;
    }
    if digits[begin] == b'0' {
        begin += 1;
    }
    cell.extend_from_slice(&digits[begin..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::push_whole;

    fn whole(number: u64) -> String {
        let mut cell = Vec::new();
        push_whole(&mut cell, number);
        String::from_utf8(cell).unwrap()
    }

    #[test]
    fn numbers_at_a_power_of_ten_are_written_as_a_formatter_writes_them() {
        let powers = std::iter::successors(Some(1_u64), |power| power.checked_mul(10));
        for number in powers.flat_map(|power| [power - 1, power, power + 1]).chain([u64::MAX]) {
            assert_eq!(whole(number), number.to_string());
        }
    }

    proptest! {
        #[test]
        fn any_number_is_written_as_a_formatter_writes_it(number: u64) {
            prop_assert_eq!(whole(number), number.to_string());
        }
    }
}
