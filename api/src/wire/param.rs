//! The query parameters of the contract, with their bounds and their defaults.

use std::fmt::Display;
use std::str::FromStr;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use domain::catalogue::Window;
use domain::id::{CityId, CompanyId, RouteId};
use domain::language::Language;
use domain::money::Currency;
use poem_openapi::registry::MetaSchemaRef;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::query::{Broken, QueryValue};
use super::schema;
use super::value::{EXAMPLE_ID, Word, Words};

impl<T: Words + Send> QueryValue for Word<T> {
    fn schema() -> MetaSchemaRef {
        schema::read::<Self>()
    }

    fn parse(text: &str) -> Result<Self, Broken> {
        text.parse()
            .map(Self)
            .map_err(|error: T::Err| ("enum", error.to_string()))
    }
}

macro_rules! parameter {
    ($(#[$doc:meta])* $name:ident: $inner:ty, $schema:tt, parse $parse:expr $(, absent $absent:expr)?) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }

        impl QueryValue for $name {
            $(
                const REQUIRED: bool = false;

                fn absent() -> Result<Self, Broken> {
                    Ok(Self($absent))
                }
            )?

            fn schema() -> MetaSchemaRef {
                schema::read::<Self>()
            }

            fn parse(text: &str) -> Result<Self, Broken> {
                $parse(text).map(Self)
            }
        }
    };
}

parameter! {
    /// Page size.
    Take: u32, { "type": "integer", "format": "int32", "minimum": 1, "maximum": 100, "default": 50 },
    parse |text| number(text, 1, 100), absent 50
}

parameter! {
    /// Page size of a list of bookings.
    TakeBookings: u32, { "type": "integer", "format": "int32", "minimum": 1, "maximum": 50, "default": 50 },
    parse |text| number(text, 1, 50), absent 50
}

parameter! {
    /// Number of items to skip; an empty value counts as 0.
    Skip: u32, { "type": "integer", "format": "int32", "minimum": 0, "maximum": 2_147_483_647, "default": 0, "allowEmptyValue": true },
    parse |text: &str| if text.is_empty() { Ok(0) } else { number(text, 0, i32::MAX.unsigned_abs()) }, absent 0
}

parameter! {
    /// Number of passengers.
    Passengers: u32, { "type": "integer", "format": "int32", "minimum": 1, "maximum": 10, "default": 1 },
    parse |text| number(text, 1, 10), absent 1
}

parameter! {
    /// Number of passengers, required.
    RequiredPassengers: u32, { "type": "integer", "format": "int32", "minimum": 1, "maximum": 10, "example": 2 },
    parse |text| number(text, 1, 10)
}

parameter! {
    /// A calendar day.
    Date: NaiveDate, { "type": "string", "format": "date", "example": "2026-06-10" },
    parse date
}

parameter! {
    /// An instant.
    Moment: DateTime<Utc>, { "type": "string", "format": "date-time", "example": "2026-06-10T03:30:00Z" },
    parse moment
}

parameter! {
    /// Page size of a list of positions.
    TakePositions: u32, { "type": "integer", "format": "int32", "minimum": 1, "maximum": 5000, "default": 1000 },
    parse |text| number(text, 1, 5000), absent 1000
}

parameter! {
    /// Part of a name, without surrounding whitespace.
    Search: String, { "type": "string", "minLength": 2, "maxLength": 100, "example": "lviv" },
    parse |text| sized(text, 2, 100).map(|text| text.trim().to_owned())
}

parameter! {
    /// A slug or an id. The verb refuses an unknown one.
    Key: String, { "type": "string", "minLength": 1, "maxLength": 100, "example": "kyiv" },
    parse |text| sized(text, 1, 100)
}

parameter! {
    /// Like [`Key`], for the destination of a journey.
    ArrivalKey: String, { "type": "string", "minLength": 1, "maxLength": 100, "example": "lviv" },
    parse |text| sized(text, 1, 100)
}

parameter! {
    /// Id of a city. The verb refuses an unknown one.
    CityKey: String, {
        "type": "string", "minLength": 1, "maxLength": 100, "example": CityId::from(EXAMPLE_ID).to_string()
    },
    parse |text| sized(text, 1, 100)
}

parameter! {
    /// Id of a company. The verb refuses an unknown one.
    CompanyKey: String, {
        "type": "string", "minLength": 1, "maxLength": 100, "example": CompanyId::from(EXAMPLE_ID).to_string()
    },
    parse |text| sized(text, 1, 100)
}

parameter! {
    /// Id of a route. The verb refuses an unknown one.
    RouteKey: String, {
        "type": "string", "minLength": 1, "maxLength": 100, "example": RouteId::from(EXAMPLE_ID).to_string()
    },
    parse |text| sized(text, 1, 100)
}

parameter! {
    /// The language of names. Defaults to Ukrainian.
    NamesIn: Language, { "type": "string", "enum": ["UK", "PL", "CS", "EN", "RU"], "default": "UK" },
    parse word, absent Language::Uk
}

parameter! {
    /// The currency of prices. Defaults to hryvnia.
    PricesIn: Currency, { "type": "string", "enum": ["UAH", "PLN", "CZK", "EUR", "USD"], "default": "UAH" },
    parse word, absent Currency::Uah
}

/// The part of a list that `take` and `skip` ask for.
#[must_use]
pub fn window(take: &Take, skip: &Skip) -> Window {
    Window {
        take: take.0 as usize,
        skip: skip.0 as usize,
    }
}

fn word<T: FromStr<Err: Display>>(text: &str) -> Result<T, Broken> {
    text.parse().map_err(|error: T::Err| ("enum", error.to_string()))
}

/// Digits only: no sign, no whitespace, no exponent.
fn number(text: &str, min: u32, max: u32) -> Result<u32, Broken> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        let negative = text
            .strip_prefix('-')
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
        return if negative {
            Err(("min", format!("must be at least {min}")))
        } else {
            Err(("integer", "must be a whole number".to_owned()))
        };
    }
    match text.parse() {
        Ok(number) if number < min => Err(("min", format!("must be at least {min}"))),
        Ok(number) if number <= max => Ok(number),
        _ => Err(("max", format!("must be at most {max}"))),
    }
}

fn sized(text: &str, min: usize, max: usize) -> Result<String, Broken> {
    let length = text.chars().count();
    if text.contains('\0') {
        Err(("text", "must not contain the NUL character".to_owned()))
    } else if length < min {
        Err(("minLength", format!("must be at least {min} characters")))
    } else if length > max {
        Err(("maxLength", format!("must be at most {max} characters")))
    } else {
        Ok(text.to_owned())
    }
}

/// `YYYY-MM-DD`, each part in full.
fn date(text: &str) -> Result<NaiveDate, Broken> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    shaped
        .then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok())
        .flatten()
        .ok_or_else(|| ("date", "must be a date as YYYY-MM-DD".to_owned()))
}

/// RFC 3339 with `Z` or a numeric offset, and a year from 1 to 9999.
fn moment(text: &str) -> Result<DateTime<Utc>, Broken> {
    let shaped = text.len() <= 40 && text.as_bytes().get(10) == Some(&b'T');
    shaped
        .then(|| DateTime::parse_from_rfc3339(text).ok())
        .flatten()
        .map(|at| at.to_utc())
        .filter(|at| (1..=9999).contains(&at.year()))
        .ok_or_else(|| {
            let message = "must be an instant as 2026-06-10T03:30:00Z";
            ("date-time", message.to_owned())
        })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::query::QueryValue;
    use super::{Date, Moment, Passengers, Search, Skip, Take};

    #[rstest]
    #[case("1", Ok(1))]
    #[case("100", Ok(100))]
    #[case("0", Err("min"))]
    #[case("101", Err("max"))]
    #[case("99999999999999999999999", Err("max"))]
    #[case("-1", Err("min"))]
    #[case("", Err("integer"))]
    #[case("1.5", Err("integer"))]
    #[case("1e1", Err("integer"))]
    #[case("+1", Err("integer"))]
    #[case("١", Err("integer"))]
    fn take_is_between_1_and_100(#[case] text: &str, #[case] expected: Result<u32, &str>) {
        assert_eq!(
            Take::parse(text).map(|take| take.0).map_err(|broken| broken.0),
            expected
        );
    }

    #[test]
    fn defaults_hold_when_a_parameter_is_absent_or_skip_is_empty() {
        assert_eq!(Take::absent().unwrap().0, 50);
        assert_eq!(Skip::parse("").unwrap().0, 0);
        assert_eq!(Passengers::absent().unwrap().0, 1);
        assert!(Date::absent().is_err());
    }

    #[rstest]
    #[case("2026-06-10", true)]
    #[case("2028-02-29", true)]
    #[case("2027-02-29", false)]
    #[case("2026-6-10", false)]
    #[case("2026-06-10T00:00:00Z", false)]
    #[case("10.06.2026", false)]
    #[case("+026-06-10", false)]
    #[case("2026-06-1\0", false)]
    fn dates_are_whole(#[case] text: &str, #[case] good: bool) {
        assert_eq!(Date::parse(text).is_ok(), good);
    }

    #[rstest]
    #[case("2026-06-10T03:30:00Z", Some("2026-06-10T03:30:00+00:00"))]
    #[case("2026-06-10T06:30:00.250+03:00", Some("2026-06-10T03:30:00.250+00:00"))]
    #[case("2026-06-10 03:30:00Z", None)]
    #[case("2026-06-10T03:30:00", None)]
    #[case("2026-06-10", None)]
    #[case("2026-02-30T00:00:00Z", None)]
    #[case("0000-01-01T00:00:00Z", None)]
    #[case("9999-12-31T23:59:59-23:59", None)]
    #[case("1780000000", None)]
    #[case("", None)]
    fn an_instant_says_its_offset(#[case] text: &str, #[case] expected: Option<&str>) {
        let parsed = Moment::parse(text).ok().map(|moment| moment.0.to_rfc3339());
        assert_eq!(parsed.as_deref(), expected);
    }

    #[test]
    fn a_search_has_two_characters_and_no_nul() {
        assert_eq!(Search::parse(" лв ").unwrap().0, "лв");
        assert_eq!(Search::parse("л").unwrap_err().0, "minLength");
        assert_eq!(Search::parse("lv\0iv").unwrap_err().0, "text");
    }
}
