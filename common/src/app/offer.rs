//! Search: which departures can be bought, at what price, with how many seats left (contract section 4).

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SubsecRound, Utc};

use super::Platform;
use super::cache::Cache;
use super::published::{Published, Ride};
use crate::db::permission::Permissions;
use crate::domain::company::{PartnerAccess, Permission};
use crate::domain::language::Language;
use crate::domain::offer::{LIFETIME, Offer};
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
    /// What one would ride; [`Timetable::journey`] has the whole of it.
    pub connection: Connection,
    /// Price per passenger, the asked currency first.
    pub prices: Arc<[(PriceId, Money)]>,
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
    let rides = published.rides(search.from, search.to, search.day, search.currency);
    let open = |ride: &&Ride| {
        let cutoff = timetable.trip(&ride.connection).route.company.sales_cutoff;
        now < ride.connection.departs_at - cutoff
    };
    let rides: Vec<&Ride> = rides.iter().filter(open).collect();
    if rides.is_empty() {
        return Ok((Vec::new(), 0));
    }
    let market = Market::open(platform, partner_id, now).await?;
    let mut possible: Vec<(&Ride, Permission, u16)> = rides
        .into_iter()
        .filter_map(|ride| {
            let company = timetable.trip(&ride.connection).route.company.id;
            let permission = market.permissions.of(company);
            let seats_left = market.seats_left(timetable, &ride.connection)?;
            (permission.allows(PartnerAccess::Search) && seats_left >= search.passengers.into())
                .then_some((ride, permission, seats_left))
        })
        .collect();
    let total = possible.len();
    possible.drain(..skip.min(total));
    possible.truncate(take);
    let found = possible.into_iter().map(|(ride, permission, seats_left)| {
        let token = partner_id
            .map(|partner| sign(platform, partner, search, timetable, ride, now))
            .transpose()?;
        Ok(Found {
            connection: ride.connection,
            prices: Arc::clone(&ride.prices),
            seats_left,
            permission,
            token,
        })
    });
    Ok((found.collect::<AppResult<_>>()?, total))
}

/// What is known of the market at the time of one search.
struct Market {
    cache: Arc<Cache>,
    permissions: Arc<Permissions>,
    now: DateTime<Utc>,
}

impl Market {
    async fn open(platform: &Platform, partner_id: Option<PartnerId>, now: DateTime<Utc>) -> AppResult<Self> {
        let cache = Arc::clone(&platform.cache);
        cache.fresh(&platform.pool).await?;
        let permissions = partner_id.map(|partner_id| cache.permissions(partner_id));
        Ok(Self {
            permissions: permissions.unwrap_or_default(),
            cache,
            now,
        })
    }

    /// `None` when the departure is not on sale.
    fn seats_left(&self, timetable: &Timetable, connection: &Connection) -> Option<u16> {
        let trip = timetable.trip(connection);
        match self.cache.sold((trip.id, connection.service_day)) {
            None => Some(trip.bus.seats),
            Some(sold) if !sold.is_on_sale(timetable.version()) => None,
            Some(sold) => Some(seat::left(
                trip.bus.seats,
                &sold.holds(self.now),
                &(connection.boarding..connection.alighting),
            )),
        }
    }
}

fn sign(
    platform: &Platform,
    partner_id: PartnerId,
    search: &Search,
    timetable: &Timetable,
    ride: &Ride,
    now: DateTime<Utc>,
) -> AppResult<Token> {
    let offer = Offer {
        partner_id,
        trip_id: timetable.trip(&ride.connection).id,
        service_day: ride.connection.service_day,
        from: (ride.from, ride.connection.boarding),
        to: (ride.to, ride.connection.alighting),
        passengers: search.passengers,
        prices: ride.prices.iter().map(|(_, price)| *price).collect(),
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
