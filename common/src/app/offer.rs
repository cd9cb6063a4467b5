//! Search: which departures can be bought, at what price, with how many seats left (contract section 4).

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

use super::Platform;
use super::published::Published;
use crate::db;
use crate::db::departure::Sold;
use crate::db::journey::DepartureKey;
use crate::db::permission::Permissions;
use crate::domain::company::{PartnerAccess, Permission};
use crate::domain::journey::Journey;
use crate::domain::language::Language;
use crate::domain::offer::{LIFETIME, Offer, price_id};
use crate::domain::seat;
use crate::domain::timetable::{Connection, Timetable};
use crate::domain::usage::Counts;
use crate::error::{AppError, AppResult};
use crate::id::{CityId, PartnerId, PriceId};
use crate::money::{Currency, Money};

/// A search answers with so many offers at most; no city pair of a timetable we know has a third of it in a day.
pub const MAX_OFFERS: usize = 500;

/// What is searched for.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    /// City of departure.
    pub from: CityId,
    /// City of arrival.
    pub to: CityId,
    /// Local day at the city of departure.
    pub day: NaiveDate,
    /// How many travel.
    pub passengers: u8,
    /// What to price in.
    pub currency: Currency,
    /// Language of names and messages.
    pub language: Language,
}

/// A departure that can be bought.
#[derive(Debug, Clone)]
pub struct Found {
    /// What one would ride.
    pub journey: Journey,
    /// Price per passenger, the asked currency first.
    pub prices: Vec<(PriceId, Money)>,
    /// Passengers that could be seated.
    pub seats_left: u16,
    /// What the company lets the partner do.
    pub permission: Permission,
    /// The token that buys it; only for a partner.
    pub token: Option<Token>,
}

/// A signed offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The JWT.
    pub text: String,
    /// When it ends, as the token itself says.
    pub expires_at: DateTime<Utc>,
}

/// The departures that can be bought, by departure: a page of them and how many there are. Without a partner the
/// departures carry no tokens.
///
/// # Errors
/// Database errors only.
pub async fn search(
    platform: &Platform,
    published: &Published,
    partner_id: Option<PartnerId>,
    search: &Search,
    page: (usize, usize),
) -> AppResult<(Vec<Found>, usize)> {
    let now = platform.clock.now();
    let answer = find(platform, published, partner_id, search, page, now).await?;
    if let Some(partner_id) = partner_id {
        platform.usage.note(partner_id, now, Counts::look(answer.0.len()));
    }
    Ok(answer)
}

async fn find(
    platform: &Platform,
    published: &Published,
    partner_id: Option<PartnerId>,
    search: &Search,
    (take, skip): (usize, usize),
    now: DateTime<Utc>,
) -> AppResult<(Vec<Found>, usize)> {
    let timetable = &published.timetable;
    let mut connections = timetable.connections(search.from, search.to, search.day);
    connections.retain(|c| now < c.departs_at - timetable.trip(c).route.company.sales_cutoff);
    if connections.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let market = Market::open(platform, partner_id, timetable, &connections, now).await?;
    let mut possible: Vec<(Connection, Vec<Money>, u16)> = connections
        .into_iter()
        .filter(|connection| {
            market
                .permissions
                .of(timetable.trip(connection).route.company.id)
                .allows(PartnerAccess::Search)
        })
        .filter_map(|connection| {
            let seats_left = market.seats_left(timetable, &connection)?;
            let prices = timetable.prices(&connection, search.currency)?;
            (seats_left >= search.passengers.into()).then_some((connection, prices, seats_left))
        })
        .collect();
    let total = possible.len();
    possible.drain(..skip.min(total));
    possible.truncate(take);
    let found = possible.into_iter().filter_map(|(connection, prices, seats_left)| {
        let journey = timetable.journey(&connection)?;
        let permission = market.permissions.of(journey.route.company.id);
        let token = partner_id
            .map(|partner| sign(platform, partner, search, &journey, &prices, now))
            .transpose();
        let (from, to) = (journey.boarding.stop.id, journey.alighting.stop.id);
        let prices = prices
            .into_iter()
            .map(|p| (price_id(journey.trip_id, from, to, p.currency), p))
            .collect();
        Some(token.map(|token| Found {
            journey,
            prices,
            seats_left,
            permission,
            token,
        }))
    });
    Ok((found.collect::<AppResult<_>>()?, total))
}

/// What the database knows of the connections of one search.
struct Market {
    permissions: Permissions,
    sold: HashMap<DepartureKey, Sold>,
}

impl Market {
    async fn open(
        platform: &Platform,
        partner_id: Option<PartnerId>,
        timetable: &Timetable,
        connections: &[Connection],
        now: DateTime<Utc>,
    ) -> AppResult<Self> {
        let mut conn = platform.pool.acquire().await?;
        let permissions = match partner_id {
            Some(partner_id) => db::permission::of_partner(&mut conn, partner_id).await?,
            None => Permissions::default(),
        };
        let keys: Vec<DepartureKey> = connections
            .iter()
            .map(|c| (timetable.trip(c).id, c.service_day))
            .collect();
        let sold = db::departure::sold(&mut conn, &keys, now).await?;
        Ok(Self { permissions, sold })
    }

    /// `None` when the departure was withdrawn from sale.
    fn seats_left(&self, timetable: &Timetable, connection: &Connection) -> Option<u16> {
        let trip = timetable.trip(connection);
        match self.sold.get(&(trip.id, connection.service_day)) {
            None => Some(trip.bus.seats),
            Some(sold) if sold.closed => None,
            Some(sold) => Some(seat::left(
                trip.bus.seats,
                &sold.holds,
                &(connection.boarding..connection.alighting),
            )),
        }
    }
}

fn sign(
    platform: &Platform,
    partner_id: PartnerId,
    search: &Search,
    journey: &Journey,
    prices: &[Money],
    now: DateTime<Utc>,
) -> AppResult<Token> {
    let offer = Offer {
        partner_id,
        trip_id: journey.trip_id,
        service_day: journey.service_day,
        from: (journey.boarding.stop.id, journey.boarding.position),
        to: (journey.alighting.stop.id, journey.alighting.position),
        passengers: search.passengers,
        prices: prices.to_vec(),
        language: search.language,
        expires_at: (now + LIFETIME).trunc_subsecs(0),
    };
    let text = platform
        .offer_key
        .sign(&offer)
        .map_err(|e| AppError::Internal(format!("signing an offer: {e}")))?;
    Ok(Token {
        text,
        expires_at: offer.expires_at,
    })
}
