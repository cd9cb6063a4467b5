//! A row of a report, decoded from the binary format of COPY (PostgreSQL documentation, COPY, "Binary Format"): the number
//! of columns, then the length of each value and the value. Texts are borrowed from the row, since allocating fifteen of
//! them takes longer than writing the line.

use chrono::{DateTime, Utc};
use domain::id::{BookingId, TicketId};
use domain::report::csv::Line;
use domain::ticket::State;
use rust_decimal::Decimal;
use std::str::FromStr;
use uuid::Uuid;

use super::sum::sum;

/// Columns of a row.
const COLUMNS: i16 = 23;

/// Microseconds from 1970 to 2000, from which PostgreSQL counts.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// A row that is not what the query selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("column {column} of a row of a report cannot be decoded")]
pub struct MalformedRow {
    /// The column, from 1; 0 if their number is wrong.
    pub column: i16,
}

/// The line of a row of [`super::rows::copy`].
///
/// # Errors
/// When the row does not have the columns of the query.
pub fn decode(row: &[u8]) -> Result<Line<'_>, MalformedRow> {
    let mut columns = Columns::of(row)?;
    // In the order of the columns.
    Ok(Line {
        id: TicketId(columns.id()?),
        booking_id: BookingId(columns.id()?),
        created_at: columns.instant()?,
        state: State {
            status: columns.word()?,
            payment_status: columns.word()?,
        },
        route: columns.text()?,
        boarding_at: columns.instant()?,
        boarding_zone: columns.text()?,
        from_city: columns.text()?,
        from_stop: columns.text()?,
        to_city: columns.text()?,
        to_stop: columns.text()?,
        seat: columns.number()?,
        first_name: columns.text()?,
        last_name: columns.text()?,
        phone: columns.optional(str::from_utf8)?,
        price: columns.sum()?,
        currency: columns.word()?,
        discount: columns.sum()?,
        refund: columns.optional(|value| sum(value).ok_or(()))?,
        partner: columns.text()?,
        carrier: columns.text()?,
        bus: columns.text()?,
    })
}

/// The values that are left of a row.
struct Columns<'a> {
    left: &'a [u8],
    column: i16,
}

impl<'a> Columns<'a> {
    fn of(row: &'a [u8]) -> Result<Self, MalformedRow> {
        match row.split_first_chunk::<2>() {
            Some((count, left)) if i16::from_be_bytes(*count) == COLUMNS => Ok(Self { left, column: 0 }),
            _ => Err(MalformedRow { column: 0 }),
        }
    }

    /// The next value, of which the length is -1 when it is null.
    fn next(&mut self) -> Result<Option<&'a [u8]>, MalformedRow> {
        self.column += 1;
        let malformed = MalformedRow { column: self.column };
        let (length, left) = self.left.split_first_chunk::<4>().ok_or(malformed)?;
        let length = i32::from_be_bytes(*length);
        if length == -1 {
            self.left = left;
            return Ok(None);
        }
        let length = usize::try_from(length).map_err(|_| malformed)?;
        let (value, left) = left.split_at_checked(length).ok_or(malformed)?;
        self.left = left;
        Ok(Some(value))
    }

    /// The next value, which may be null.
    fn optional<T, E>(&mut self, decode: impl FnOnce(&'a [u8]) -> Result<T, E>) -> Result<Option<T>, MalformedRow> {
        let value = self.next()?.map(decode).transpose();
        value.map_err(|_| MalformedRow { column: self.column })
    }

    /// The next value, which is not null.
    fn value<T, E>(&mut self, decode: impl FnOnce(&'a [u8]) -> Result<T, E>) -> Result<T, MalformedRow> {
        let value = self.optional(decode)?;
        value.ok_or(MalformedRow { column: self.column })
    }

    fn text(&mut self) -> Result<&'a str, MalformedRow> {
        self.value(str::from_utf8)
    }

    /// A text that stands for one of a few values.
    fn word<T: FromStr>(&mut self) -> Result<T, MalformedRow> {
        let text = self.text()?;
        text.parse().map_err(|_| MalformedRow { column: self.column })
    }

    fn id(&mut self) -> Result<Uuid, MalformedRow> {
        self.value(Uuid::from_slice)
    }

    fn number(&mut self) -> Result<i16, MalformedRow> {
        self.value(|value| value.try_into().map(i16::from_be_bytes))
    }

    fn sum(&mut self) -> Result<Decimal, MalformedRow> {
        self.value(|value| sum(value).ok_or(()))
    }

    fn instant(&mut self) -> Result<DateTime<Utc>, MalformedRow> {
        self.value(|value| {
            let micros = value.try_into().map(i64::from_be_bytes).map_err(|_| ())?;
            let micros = micros.checked_add(EPOCH_MICROS).ok_or(())?;
            DateTime::from_timestamp_micros(micros).ok_or(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{COLUMNS, MalformedRow, decode};

    /// A row whose columns have these values.
    fn row(values: &[Option<&[u8]>]) -> Vec<u8> {
        let mut row = i16::try_from(values.len()).unwrap().to_be_bytes().to_vec();
        for value in values {
            let length = value.map_or(-1, |value| i32::try_from(value.len()).unwrap());
            row.extend(length.to_be_bytes());
            row.extend(value.unwrap_or_default());
        }
        row
    }

    /// Values of every column, as PostgreSQL sends them.
    fn values() -> Vec<Option<&'static [u8]>> {
        // 2,112.50: two digits of ten thousands, the first of the power 0.
        const SUM: &[u8] = &[0, 2, 0, 0, 0, 0, 0, 2, 0x08, 0x40, 0x13, 0x88];
        let texts = |words: &[&'static str]| words.iter().map(|word| Some(word.as_bytes())).collect::<Vec<_>>();
        let mut values: Vec<Option<&[u8]>> = vec![Some(&[7; 16]), Some(&[8; 16]), Some(&[0; 8])];
        values.extend(texts(&["Confirmed", "Paid", "Київ - Львів"]));
        values.push(Some(&[0, 0, 0, 0, 0, 0x0f, 0x42, 0x40]));
        values.extend(texts(&["Europe/Kyiv", "Київ", "АС", "Львів", ""]));
        values.push(Some(&[0, 17]));
        values.extend(texts(&["Олена", "Коваленко"]));
        values.extend([None, Some(SUM)]);
        values.extend(texts(&["UAH"]));
        values.extend([Some(SUM), None]);
        values.extend(texts(&["Партнер", "Карпати", "AA 1234 BB"]));
        values
    }

    #[test]
    fn every_column_is_decoded() {
        let sent = row(&values());
        let line = decode(&sent).unwrap();
        assert_eq!(line.id.0.as_bytes(), &[7; 16]);
        assert_eq!(line.booking_id.0.as_bytes(), &[8; 16]);
        assert_eq!(line.created_at.to_rfc3339(), "2000-01-01T00:00:00+00:00");
        assert_eq!(line.boarding_at.to_rfc3339(), "2000-01-01T00:00:01+00:00");
        assert_eq!(
            (line.state.status.word(), line.state.payment_status.word()),
            ("Confirmed", "Paid")
        );
        assert_eq!(
            (line.route, line.from_city, line.to_city, line.to_stop),
            ("Київ - Львів", "Київ", "Львів", "")
        );
        assert_eq!((line.boarding_zone, line.seat, line.phone), ("Europe/Kyiv", 17, None));
        assert_eq!(
            (line.price.to_string(), line.discount.to_string()),
            ("2112.50".to_owned(), "2112.50".to_owned())
        );
        assert_eq!((line.currency.code(), line.refund), ("UAH", None));
        assert_eq!(
            (line.partner, line.carrier, line.bus),
            ("Партнер", "Карпати", "AA 1234 BB")
        );
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_by_its_column() {
        for (column, value) in [
            (1, Some(&[0; 15][..])),
            (3, Some(&[0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff][..])),
            (4, Some(&b"Lost"[..])),
            (6, None),
            (9, Some(&b"\xff"[..])),
            (13, Some(&[0; 4][..])),
            (17, Some(&[0; 4][..])),
            (18, Some(&b"XXX"[..])),
        ] {
            let mut values = values();
            values[column - 1] = value;
            let column = i16::try_from(column).unwrap();
            assert_eq!(decode(&row(&values)), Err(MalformedRow { column }));
        }
    }

    #[test]
    fn a_row_that_is_cut_off_or_has_other_columns_is_refused() {
        let whole = row(&values());
        for end in 0..whole.len() {
            assert!(decode(&whole[..end]).is_err(), "{end} of {} bytes", whole.len());
        }
        let fewer = &values()[1..];
        assert_eq!(fewer.len(), usize::try_from(COLUMNS).unwrap() - 1);
        assert_eq!(decode(&row(fewer)), Err(MalformedRow { column: 0 }));
    }
}
