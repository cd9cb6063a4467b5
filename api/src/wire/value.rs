//! Value types of the wire: what a domain value looks like in JSON and in the document.

use std::borrow::Cow;
use std::fmt::{self, Display};
use std::str::FromStr;

use chrono::{DateTime, FixedOffset, NaiveDateTime, SecondsFormat, Utc};
use domain::booking::BookingStatus;
use domain::company::PartnerAccess;
use domain::departure::SaleStatus;
use domain::discount::DiscountRule;
use domain::language::{Country, Language, Messenger};
use domain::money::Currency;
use domain::notification::Channel;
use domain::notification::delivery::DeliveryState;
use domain::order::{Event, PaymentStatus, TicketStatus};
use domain::party::{ContextType, Role, StaffRole, Tier};
use domain::rate_limit::{Class, PartnerTier};
use domain::report::dialect::{DecimalMark, Delimiter};
use domain::report::{DateField, ReportStatus};
use domain::tracking::Provider;
use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An enumeration (contract section 2).
pub trait Words: Sized + Copy + Display + FromStr<Err: Display> + 'static {
    /// Name of the schema.
    const NAME: &'static str;
    /// Description of the enumeration in the document.
    const ABOUT: &'static str;

    /// The list.
    fn list() -> Vec<Self>;
}

macro_rules! words {
    ($($type:ty, $name:literal, $about:literal;)*) => {$(
        impl Words for $type {
            const NAME: &'static str = $name;
            const ABOUT: &'static str = $about;

            fn list() -> Vec<Self> {
                Self::ALL.to_vec()
            }
        }
    )*};
}

words! {
    Currency, "Currency", "Currency (ISO 4217).";
    Language, "Language", "Language of names and messages. A missing name falls back to `UK`, then `EN`, then the \
                           stored name.";
    Country, "CountryCode", "Country (ISO 3166-1 alpha-2).";
    Messenger, "Messenger", "A messenger that reaches the phone number.";
    TicketStatus, "TicketStatus", "Status of a ticket.";
    PaymentStatus, "PaymentStatus", "Payment status of a ticket.";
    Event, "OrderAction", "An event in the history of a ticket.";
    Channel, "DeliveryChannel", "Channel of a message to a passenger.";
    DeliveryState, "DeliveryState", "State of a message: `Pending` until it is accepted by the mail server or the \
                                     messenger (`Sent`) or given up (`Failed`). `NotSent`: there is no message on this \
                                     channel.";
    BookingStatus, "BookingStatus", "Status of a booking: `Upcoming`, `Boarding` from 8 hours before boarding, \
                                     `InTransit` for 24 hours from boarding, then `Completed`. `Canceled` if no ticket \
                                     is left.";
    DiscountRule, "DiscountRule", "How a discount is calculated: as a percentage of the price, or as a fixed amount.";
    ContextType, "ContextType", "Kind of workplace: a bus company, a partner, or the platform itself.";
    Role, "Role", "Role of a user in a workplace. `ADMIN` is allowed to do everything in a company or with a partner. `OPERATOR` is \
                   the role of those who operate the platform, and of nobody else.";
    StaffRole, "StaffRole", "Role that a person can be given in a company or with a partner. `ADMIN` is allowed to do \
                             everything there.";
    Tier, "Tier", "Subscription tier of a company.";
    PartnerTier, "PartnerTier", "Tier agreed with a partner. It determines the rate limits that the partner's keys share.";
    Class, "RateClass", "Rate limit class of an operation. Each class has its own limit.";
    ReportStatus, "ReportStatus", "Status of a report.";
    DateField, "DateField", "Date of an order that decides whether the report includes it.";
    Delimiter, "ReportDelimiter", "Delimiter between the cells of a report file. Spreadsheets expect `;` where the \
                                   decimal mark is a comma.";
    DecimalMark, "ReportDecimalMark", "Decimal mark of amounts in a report file.";
    SaleStatus, "SaleStatus", "`OnSale`, `Closed` by the company, `Withdrawn` by a timetable, or `Over`: nobody can board.";
    PartnerAccess, "PartnerAccess", "An action that a company can allow a partner to perform.";
    Provider, "FmsProvider", "Protocol of a tracking provider.";
}

/// A value of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word<T>(pub T);

impl<T: Words> Serialize for Word<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: Words> Deserialize<'de> for Word<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(D::Error::custom)
    }
}

impl<T: Words> JsonSchema for Word<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<_> = T::list().iter().map(ToString::to_string).collect();
        json_schema!({ "type": "string", "description": T::ABOUT, "enum": words })
    }
}

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
    |wall| wall.format("%Y-%m-%dT%H:%M:%S%.3fZ");

    /// A wall clock with its numeric offset.
    Zoned(DateTime<FixedOffset>),
    { "type": "string", "format": "date-time", "example": "2026-06-10T06:30:00+03:00" },
    |at| at.to_rfc3339_opts(SecondsFormat::Secs, false);

    /// Hours and minutes of a wall clock.
    Time(chrono::NaiveTime),
    { "type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$", "example": "06:30" },
    |time| time.format("%H:%M");
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
