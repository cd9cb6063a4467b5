//! What search answers with.

use common::app::offer::{Found, Token};
use common::domain::journey::Journey;
use common::domain::language::Language;
use common::domain::timetable::Timetable;
use common::id::{CompanyId, PriceId};
use common::money::{Currency, Money};
use schemars::JsonSchema;
use serde::Serialize;

use crate::distribution::slice::Slice;
use crate::wire::value::{Amount, Id, Instant, WallClock, Word, Zoned};

/// Whose seats are sold; others would be external operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Source {
    /// Companies on this platform.
    PrexSell,
}

/// Offers of one search.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OfferList {
    /// By departure time ascending.
    #[schemars(length(max = 500))]
    pub offers: Vec<Offer>,
    /// Whose seats they are.
    pub source: Source,
}

/// What can be bought, on terms that hold for 20 minutes.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    /// Signed token: pass it to `POST /v2/bookings` as it is.
    #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
    #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
    pub id: String,
    /// Whose seat it is.
    pub source: Source,
    /// Seats free on the whole stretch.
    #[schemars(example = 42)]
    pub seats_left: u32,
    /// Local wall clock of boarding, printed with `Z`.
    pub departure_date: WallClock,
    /// Local wall clock of alighting, printed with `Z`.
    #[schemars(example = &"2026-06-10T14:30:00.000Z")]
    pub arrival_date: WallClock,
    /// When the token stops working.
    #[schemars(example = &"2026-06-01T12:20:00.000Z")]
    pub expires_at: Instant,
    /// Price of one passenger, per currency it is offered in.
    #[schemars(length(max = 5))]
    pub prices: Vec<Price>,
    /// The stretch.
    #[schemars(length(max = 10))]
    pub slices: Vec<Slice>,
}

impl Offer {
    /// What a search found, on its journey and with its token.
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

/// A price of one passenger.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Price {
    /// Opaque id.
    pub id: Id<PriceId>,
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Word<Currency>,
}

impl Price {
    /// A sum under its id.
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
pub struct Schedule {
    /// Whose departures they are.
    pub source: Source,
    /// How many there are without `take` and `skip`.
    #[schemars(example = 4)]
    pub total: usize,
    /// Currency of the prices.
    pub currency: Word<Currency>,
    /// How many people travel.
    #[schemars(example = 1)]
    pub passengers: u32,
    /// By departure time ascending.
    #[schemars(length(max = 100))]
    pub departures: Vec<ScheduleDeparture>,
}

/// A departure between two cities.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleDeparture {
    /// An offer token when the request carries a key, else an id of the departure.
    #[schemars(example = &"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ2IjoxfQ.c2lnbmF0dXJl")]
    pub id: String,
    /// Who sells it.
    pub company: ScheduleCompany,
    /// Boarding, with the offset of its place.
    pub departure_date_time: Zoned,
    /// Alighting, with the offset of its place.
    #[schemars(example = &"2026-06-10T14:30:00+03:00")]
    pub arrival_date_time: Zoned,
    /// True elapsed minutes.
    #[schemars(example = 480)]
    pub travel_time_minutes: i64,
    /// Name of the route.
    #[schemars(example = &"Київ - Львів")]
    pub route_name: String,
    /// Price of one passenger.
    pub price: SchedulePrice,
    /// Seats free on the whole stretch.
    #[schemars(example = 42)]
    pub seats_left: u32,
}

impl ScheduleDeparture {
    /// What a search found; `None` for what another timetable has, and when it has no price, which it always has.
    #[must_use]
    pub fn new(timetable: &Timetable, found: &Found) -> Option<Self> {
        let (connection, trip) = (&found.connection, timetable.trip(&found.connection));
        let (from, to) = timetable.ends(connection)?;
        let (_, price) = found.prices.first()?;
        let plain_id = || format!("dep_{}_{}", trip.id.0.simple(), connection.service_day.format("%Y%m%d"));
        let company = &trip.route.company;
        Some(Self {
            id: found.token.as_ref().map_or_else(plain_id, |token| token.text.clone()),
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

/// The company of a departure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScheduleCompany {
    /// Opaque id.
    pub id: Id<CompanyId>,
    /// Its name.
    #[schemars(example = &"Карпати Експрес")]
    pub name: String,
    /// Its name in URLs.
    #[schemars(example = &"karpaty")]
    pub slug: String,
    /// Its logo.
    #[schemars(example = &"https://karpaty.example/logo.png")]
    pub logo_url: Option<String>,
}

/// A price in the schedule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SchedulePrice {
    /// How much.
    pub amount: Amount,
    /// Of what.
    pub currency: Word<Currency>,
}
