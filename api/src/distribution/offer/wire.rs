//! Responses of a search.

use app::offer::{Found, Token};
use domain::departure::DepartureId;
use domain::id::{CompanyId, PriceId};
use domain::journey::Journey;
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::timetable::Timetable;
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::slice::Slice;
use crate::wire::value::{Amount, Id, Instant, WallClock, Word, Zoned};

/// Source of the seats. A value other than `PrexSell` would be an external operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Source {
    /// Companies on this platform.
    PrexSell,
}

/// Offers that a search found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfferList {
    /// Offers, sorted by departure time in ascending order.
    #[schemars(length(max = 500))]
    pub offers: Vec<Offer>,
    /// Source of the seats.
    pub source: Source,
}

/// An offer that can be booked. Its terms are valid for 20 minutes.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Signed token. Pass it to `POST /v2/bookings` unchanged.
    #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
    #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
    pub id: String,
    /// Source of the seat.
    pub source: Source,
    /// Number of seats that are free from boarding to alighting.
    #[schemars(example = 42)]
    pub seats_left: u32,
    /// Local time of boarding, written with a `Z` although it is not UTC.
    pub departure_date: WallClock,
    /// Local time of alighting, written with a `Z` although it is not UTC.
    #[schemars(example = &"2026-06-10T14:30:00.000Z")]
    pub arrival_date: WallClock,
    /// When the token expires.
    #[schemars(example = &"2026-06-01T12:20:00.000Z")]
    pub expires_at: Instant,
    /// Prices per passenger, one for each currency that is offered.
    #[schemars(length(max = 5))]
    pub prices: Vec<Price>,
    /// Slices of the journey.
    #[schemars(length(max = 10))]
    pub slices: Vec<Slice>,
}

impl Offer {
    /// The offer of a departure that a search found, with its journey and its token.
    #[must_use]
    pub fn new(found: &Found, journey: &Journey, token: Token, language: Language) -> Self {
        let slice = Slice::new(journey, &found.permission, None, language);
        Self {
            id: token.text,
            source: Source::PrexSell,
            seats_left: found.seats_left.into(),
            departure_date: slice.departure_date,
            arrival_date: slice.arrival_date,
            expires_at: Instant(token.expires_at),
            prices: found.prices.iter().map(|(id, money)| Price::new(*id, *money)).collect(),
            slices: vec![slice],
        }
    }
}

/// A price per passenger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Price {
    /// Opaque id.
    pub id: Id<PriceId>,
    /// Amount.
    pub amount: Amount,
    /// Currency of the amount.
    pub currency: Word<Currency>,
}

impl Price {
    /// An amount with its id.
    #[must_use]
    pub const fn new(id: PriceId, money: Money) -> Self {
        Self {
            id: Id(id),
            amount: Amount(money.amount),
            currency: Word(money.currency),
        }
    }
}

/// Departures of one day.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Schedule")]
pub struct DayDepartures {
    /// Source of the departures.
    pub source: Source,
    /// Total number of departures, regardless of `take` and `skip`.
    #[schemars(example = 4)]
    pub total: usize,
    /// Currency of the prices.
    pub currency: Word<Currency>,
    /// Number of passengers.
    #[schemars(example = 1)]
    pub passengers: u32,
    /// Departures, sorted by departure time in ascending order.
    #[schemars(length(max = 100))]
    pub departures: Vec<ScheduleDeparture>,
}

/// A departure between two cities.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleDeparture {
    /// Offer token if the request carries a key, otherwise an id of the departure.
    #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
    pub id: String,
    /// Company that sells the departure.
    pub company: ScheduleCompany,
    /// Local time of boarding, with its UTC offset.
    pub departure_date_time: Zoned,
    /// Local time of alighting, with its UTC offset.
    #[schemars(example = &"2026-06-10T14:30:00+03:00")]
    pub arrival_date_time: Zoned,
    /// Actual travel time in minutes, with time zones and clock changes taken into account.
    #[schemars(example = 480)]
    pub travel_time_minutes: i64,
    /// Name of the route.
    #[schemars(example = &"Київ - Львів")]
    pub route_name: String,
    /// Price per passenger.
    pub price: SchedulePrice,
    /// Number of seats that are free from boarding to alighting.
    #[schemars(example = 42)]
    pub seats_left: u32,
}

impl ScheduleDeparture {
    /// A departure that a search found; `None` if it belongs to another timetable or has no price (it always has one).
    #[must_use]
    pub fn new(timetable: &Timetable, found: &Found) -> Option<Self> {
        let (connection, trip) = (&found.connection, timetable.trip(&found.connection));
        let (from, to) = timetable.ends(connection)?;
        let (_, price) = found.prices.first()?;
        let departure = DepartureId {
            trip_id: trip.id,
            service_day: connection.service_day,
        };
        let company = &trip.route.company;
        Some(Self {
            id: found
                .token
                .as_ref()
                .map_or_else(|| departure.to_string(), |token| token.text.clone()),
            company: ScheduleCompany {
                id: Id(company.id),
                name: company.name.clone(),
                slug: company.slug.clone(),
                logo_url: company.logo_url.clone(),
            },
            departure_date_time: Zoned(from.city.zone.local(connection.departs_at)),
            arrival_date_time: Zoned(to.city.zone.local(connection.arrives_at)),
            travel_time_minutes: (connection.arrives_at - connection.departs_at).num_minutes(),
            route_name: trip.route.name.clone(),
            price: SchedulePrice {
                amount: Amount(price.amount),
                currency: Word(price.currency),
            },
            seats_left: found.seats_left.into(),
        })
    }
}

/// The company that sells a departure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleCompany {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Name of the company.
    #[schemars(example = &"Карпати Експрес")]
    pub name: String,
    /// Unique name of the company in URLs.
    #[schemars(example = &"karpaty")]
    pub slug: String,
    /// URL of the logo.
    #[schemars(example = &"https://karpaty.example/logo.png")]
    pub logo_url: Option<String>,
}

/// A price in the schedule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SchedulePrice {
    /// Amount.
    pub amount: Amount,
    /// Currency of the amount.
    pub currency: Word<Currency>,
}
