//! Value types of the wire: what a domain value looks like in JSON and in the document.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, SecondsFormat, Timelike, Utc};
use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

mod word;

pub use word::{Word, Words};

/// An exact decimal: a plain JSON number that never passes through a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
pub struct Amount(pub Decimal);

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_json::Number::from_str(&self.0.normalize().to_string())
            .map_err(serde::ser::Error::custom)?
            .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = serde_json::Number::deserialize(deserializer)?.to_string();
        text.parse()
            .map_err(|_| D::Error::custom("invalid value: number out of range"))
    }
}

impl FromStr for Amount {
    type Err = rust_decimal::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let exact = if text.contains(['e', 'E']) {
            Decimal::from_scientific(text)
        } else {
            Decimal::from_str_exact(text)
        };
        exact.map(Self)
    }
}

impl JsonSchema for Amount {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "example": 1250.5 })
    }
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($inner:ty), $schema:tt, |$value:ident| $print:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let $value = &self.0;
                serializer.collect_str(&$print)
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

texts! {
    /// An instant: ISO 8601, UTC, milliseconds, `Z`.
    Instant(DateTime<Utc>),
    { "type": "string", "format": "date-time", "example": "2026-06-10T03:30:00.000Z" },
    |at| at.to_rfc3339_opts(SecondsFormat::Millis, true);

    /// A local wall clock printed with `Z`, as the published samples have it (contract section 4).
    WallClock(NaiveDateTime),
    { "type": "string", "format": "date-time", "example": "2026-06-10T06:30:00.000Z" },
    |wall| wall.and_utc().to_rfc3339_opts(SecondsFormat::Millis, true);

    /// A wall clock with its numeric offset.
    Zoned(DateTime<FixedOffset>),
    { "type": "string", "format": "date-time", "example": "2026-06-10T06:30:00+03:00" },
    |at| at.to_rfc3339_opts(SecondsFormat::Secs, false);

    /// Hours and minutes of a wall clock.
    Time(chrono::NaiveTime),
    { "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "example": "06:30" },
    |time| format_args!("{:02}:{:02}", time.hour(), time.minute());
}

/// The UUID of the ids in the document.
pub const EXAMPLE_ID: uuid::Uuid = uuid::uuid!("01980c6a-5f0e-7d8c-9b3a-2f1e0d4c5b6a");

/// The pattern of an id.
pub const ID_TEXT: &str = "^[A-Za-z0-9_-]+$";

/// Maximum number of characters of an id.
pub const LONGEST_ID: usize = 100;

/// A nominal id: prefixed text, opaque to clients (contract section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id<T>(pub T);

impl<T: Display> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<T: Display + From<uuid::Uuid>> JsonSchema for Id<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Id".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let example = T::from(EXAMPLE_ID).to_string();
        json_schema!({
            "type": "string", "description": "Opaque id.", "pattern": ID_TEXT, "maxLength": LONGEST_ID, "example": example
        })
    }
}

impl<T: Display> Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use rstest::rstest;
    use rust_decimal::dec;

    use super::{Amount, Instant, WallClock, Zoned};

    #[test]
    fn decimals_are_exact_numbers() {
        assert_eq!(serde_json::to_string(&Amount(dec!(0.1) + dec!(0.2))).unwrap(), "0.3");
        assert_eq!(serde_json::to_string(&Amount(dec!(1250.00))).unwrap(), "1250");
        assert_eq!(
            serde_json::from_str::<Amount>("0.1000000000000000055511151231")
                .unwrap()
                .0,
            dec!(0.1000000000000000055511151231)
        );
        assert_eq!(serde_json::from_str::<Amount>("1.5e2").unwrap().0, dec!(150));
    }

    #[rstest]
    #[case("1e400")]
    #[case("123456789012345678901234567890")]
    #[case("\"12\"")]
    #[case("true")]
    #[case("null")]
    fn absurd_amounts_are_refused(#[case] json: &str) {
        assert!(serde_json::from_str::<Amount>(json).is_err());
    }

    #[test]
    fn times_print_as_the_contract_says() {
        let at = DateTime::parse_from_rfc3339("2026-06-10T06:30:00+03:00").unwrap();
        let print = |json: Result<String, _>| json.unwrap();
        assert_eq!(
            print(serde_json::to_string(&Instant(at.to_utc()))),
            "\"2026-06-10T03:30:00.000Z\""
        );
        assert_eq!(
            print(serde_json::to_string(&WallClock(at.naive_local()))),
            "\"2026-06-10T06:30:00.000Z\""
        );
        assert_eq!(
            print(serde_json::to_string(&Zoned(at))),
            "\"2026-06-10T06:30:00+03:00\""
        );
    }
}
