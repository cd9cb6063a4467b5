//! The query parameters of the contract, with their bounds and their defaults.

use chrono::{DateTime, NaiveDate, Utc};
use domain::catalogue::Window;
use domain::id::{AuditEntryId, BookingId, CityId, CompanyId, RouteId};
use domain::language::Language;
use domain::money::Currency;
use ledger::id::JobId;
use ledger::inspect::State;
use poem_openapi::registry::MetaSchemaRef;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::query::{Broken, QueryValue};
use super::schema;
use super::value::{EXAMPLE_ID, Word, Words};
use rule::{Day, Flag, Instant, Number, OneOf, Text};

mod rule;

impl<T: Words + Send> QueryValue for Word<T> {
    fn schema() -> MetaSchemaRef {
        schema::read::<Self>()
    }

    fn parse(text: &str) -> Result<Self, Broken> {
        rule::word(text).map(Self)
    }
}

/// Declares parameters. The rule of each is both its schema in the document and how it is read.
macro_rules! parameters {
    ($($(#[$doc:meta])* $name:ident($inner:ty): $kind:ty = $rule:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub $inner);

        impl $name {
            const RULE: $kind = $rule;
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }

            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                Self::RULE.schema()
            }
        }

        impl QueryValue for $name {
            const REQUIRED: bool = Self::RULE.is_required();

            fn absent() -> Result<Self, Broken> {
                Self::RULE.absent().map(Self)
            }

            fn schema() -> MetaSchemaRef {
                schema::read::<Self>()
            }

            fn parse(text: &str) -> Result<Self, Broken> {
                Self::RULE.parse(text).map(Self)
            }
        }
    )*};
}

parameters! {
    /// Page size.
    Take(u32): Number = Number::optional(1, 100, 50);

    /// Page size of a list of bookings.
    TakeBookings(u32): Number = Number::optional(1, 50, 50);

    /// Page size of a list of positions.
    TakePositions(u32): Number = Number::optional(1, 5000, 1000);

    /// Number of items to skip; an empty value counts as 0.
    Skip(u32): Number = Number::optional(0, i32::MAX.unsigned_abs(), 0).or_empty();

    /// Number of passengers.
    Passengers(u32): Number = Number::optional(1, 10, 1);

    /// Number of passengers, required.
    RequiredPassengers(u32): Number = Number::required(1, 10, 2);

    /// A calendar day.
    Date(NaiveDate): Day = Day;

    /// An instant.
    Moment(DateTime<Utc>): Instant = Instant;

    /// Part of a name, without surrounding whitespace.
    Search(String): Text = Text::new(2, 100, || "lviv".to_owned()).trimmed();

    /// A slug or an id. The use case refuses an unknown one.
    Key(String): Text = Text::new(1, 100, || "kyiv".to_owned());

    /// Like [`Key`], for the destination of a journey.
    ArrivalKey(String): Text = Text::new(1, 100, || "lviv".to_owned());

    /// Id of a city. The use case refuses an unknown one.
    CityKey(String): Text = Text::new(1, 100, || CityId::from(EXAMPLE_ID).to_string());

    /// Id of a company. The use case refuses an unknown one.
    CompanyKey(String): Text = Text::new(1, 100, || CompanyId::from(EXAMPLE_ID).to_string());

    /// Id of a route. The use case refuses an unknown one.
    RouteKey(String): Text = Text::new(1, 100, || RouteId::from(EXAMPLE_ID).to_string());

    /// State of jobs. Default: `dead`.
    JobState(State): OneOf<State> = OneOf { absent: State::Dead };

    /// Kind of a job.
    Kind(String): Text = Text::new(1, 100, || "email_notification".to_owned());

    /// Part of the last error of a job.
    ErrorText(String): Text = Text::new(1, 500, || "mailbox unavailable".to_owned());

    /// The end of a page of jobs. The use case refuses an invalid one.
    AfterJob(String): Text = Text::new(1, 100, || {
        format!("1780000000000000.{}", JobId::from(EXAMPLE_ID))
    });

    /// The end of a page of the audit trail. The use case refuses an invalid one.
    AfterEntry(String): Text = Text::new(1, 100, || AuditEntryId::from(EXAMPLE_ID).to_string());

    /// The end of a page that is sorted by slug.
    AfterSlug(String): Text = Text::new(1, 100, || "demo-karpaty".to_owned());

    /// What an entry of the audit trail is about.
    Subject(String): Text = Text::new(1, 100, || JobId::from(EXAMPLE_ID).to_string());

    /// Whether only jobs are meant that run for longer than they should. Defaults to false.
    Stuck(bool): Flag = Flag;

    /// Id of a booking. An unknown one finds nothing.
    BookingKey(String): Text = Text::new(1, 100, || BookingId::from(EXAMPLE_ID).to_string());

    /// What is known of an order, without surrounding whitespace.
    Find(String): Text = Text::new(2, 100, || "Коваленко".to_owned()).trimmed();

    /// The language of names. Defaults to Ukrainian.
    NamesIn(Language): OneOf<Language> = OneOf { absent: Language::Uk };

    /// The currency of prices. Defaults to hryvnia.
    PricesIn(Currency): OneOf<Currency> = OneOf { absent: Currency::Uah };
}

/// The part of a list that `take` and `skip` ask for.
#[must_use]
pub fn window(take: &Take, skip: &Skip) -> Window {
    Window {
        take: take.0 as usize,
        skip: skip.0 as usize,
    }
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
    fn an_instant_must_have_an_offset(#[case] text: &str, #[case] expected: Option<&str>) {
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
