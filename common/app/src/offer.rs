//! Searches for offers: departures that can be bought, their prices and the seats left (contract section 4).

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};
use db::permission::Permissions;
use domain::company::{PartnerAccess, Permission};
use domain::id::{CityId, PartnerId, PriceId};
use domain::language::Language;
use domain::money::{Currency, Money};
use domain::offer::{LIFETIME, Offer};
use domain::sales_cutoff;
use domain::timetable::{Connection, Timetable};
use domain::usage::Counts;

use super::Platform;
use super::published::{Published, Ride};
use crate::error::{AppError, AppResult};

/// Maximum number of offers of a search; no city pair of a known timetable has a third of that in a day.
pub const MAX_OFFERS: usize = 500;

/// A search.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Search {
    /// City of departure.
    pub from: CityId,
    /// City of arrival.
    pub to: CityId,
    /// Local day at the city of departure.
    pub day: NaiveDate,
    /// Number of passengers.
    pub passengers: u8,
    /// The currency of prices.
    pub currency: Currency,
    /// Language of names and messages.
    pub language: Language,
}

/// A departure that can be bought.
#[derive(Debug, Clone)]
pub struct Found {
    /// The connection; [`Timetable::journey`] has its details.
    pub connection: Connection,
    /// Price per passenger, the requested currency first.
    pub prices: Arc<[(PriceId, Money)]>,
    /// Passengers that could be seated.
    pub seats_left: u16,
    /// The partner's permissions with the company.
    pub permission: Permission,
    /// The token that buys it; only for a partner.
    pub token: Option<Token>,
}

/// A signed offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The JWT.
    pub text: String,
    /// When it expires, as in the token.
    pub expires_at: DateTime<Utc>,
}

/// The departures that can be bought.
#[derive(Debug, Clone)]
pub struct Offers {
    /// A page of them, by departure.
    pub found: Vec<Found>,
    /// How many there are on all pages.
    pub total: usize,
    /// How long this result stays valid.
    pub validity: Validity,
}

/// How long the result of a search stays the same: the data of the process must not change, and the time must be in a
/// range. The range ends when seats of unpaid tickets expire, a departure closes for sale, or new tokens would last a
/// second longer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Validity {
    reading: u64,
    changes: u64,
    during: Range<DateTime<Utc>>,
}

/// When a search began: the state of the data in memory, and the second. Equal searches of one partner that began in
/// the same moment nearly always have the same result; [`Market::confirms`] says whether they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Moment {
    reading: u64,
    changes: u64,
    second: DateTime<Utc>,
}

impl Validity {
    fn narrow(&mut self, during: &Range<DateTime<Utc>>) {
        self.during.start = self.during.start.max(during.start);
        self.during.end = self.during.end.min(during.end);
    }
}

/// The state of the market at the time of one search.
#[derive(Debug)]
pub struct Market<'a> {
    platform: &'a Platform,
    published: &'a Published,
    /// Without a partner, offers carry no tokens.
    partner_id: Option<PartnerId>,
    permissions: Arc<Permissions>,
    changes: u64,
    now: DateTime<Utc>,
}

impl<'a> Market<'a> {
    /// Makes sure that the cache is fresh, and not from before the published state.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn open(
        platform: &'a Platform,
        published: &'a Published,
        partner_id: Option<PartnerId>,
    ) -> AppResult<Self> {
        let now = platform.clock.now();
        platform.cache.fresh(&platform.pool).await?;
        let seen = platform.cache.recent_publication_version(Duration::MAX);
        if seen.is_some_and(|seen| published.timetable.version() > seen) {
            // Read right after an import, of which the last look, though recent, has not seen anything: departures whose
            // tickets moved to a new trip would be offered as empty.
            platform.cache.note_change();
            platform.cache.fresh(&platform.pool).await?;
        }
        // Read before the data whose changes it counts.
        let changes = platform.cache.changes();
        let permissions = partner_id.map(|partner_id| platform.cache.permissions(partner_id));
        Ok(Self {
            platform,
            published,
            partner_id,
            permissions: permissions.unwrap_or_default(),
            changes,
            now,
        })
    }

    /// Whether a search of this partner would have the same result as before.
    #[must_use]
    pub fn confirms(&self, validity: &Validity) -> bool {
        (validity.reading, validity.changes) == (self.published.reading, self.changes)
            && validity.during.contains(&self.now)
    }

    /// Whether nothing in memory has changed since the search began. Otherwise no later search confirms its result.
    #[must_use]
    pub fn is_latest(&self) -> bool {
        self.changes == self.platform.cache.changes()
    }

    /// The moment in which the search began.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment {
            reading: self.published.reading,
            changes: self.changes,
            second: self.now.trunc_subsecs(0),
        }
    }

    /// Counts a search and the number of its offers.
    pub fn note(&self, offers: usize) {
        if let Some(partner_id) = self.partner_id {
            let usage = &self.platform.usage;
            usage.note(partner_id, self.now, Counts::look(offers));
        }
    }

    /// Searches for a page of offers.
    ///
    /// # Errors
    /// When a token cannot be signed, which does not happen.
    pub fn search(&self, search: &Search, (take, skip): (usize, usize)) -> AppResult<Offers> {
        let timetable = &self.published.timetable;
        let rides = self
            .published
            .rides(search.from, search.to, search.day, search.currency);
        let mut validity = Validity {
            reading: self.published.reading,
            changes: self.changes,
            during: DateTime::<Utc>::MIN_UTC..DateTime::<Utc>::MAX_UTC,
        };
        let mut possible: Vec<(&Ride, Permission, u16)> = Vec::new();
        for ride in rides.iter() {
            let company = &timetable.trip(&ride.connection).route.company;
            let closes_at = sales_cutoff::closes_at(ride.connection.departs_at, company.sales_cutoff);
            if self.now >= closes_at {
                validity.narrow(&(closes_at..DateTime::<Utc>::MAX_UTC));
                continue;
            }
            validity.narrow(&(DateTime::<Utc>::MIN_UTC..closes_at));
            let Some((seats_left, during)) = self.seats_left(&ride.connection) else {
                continue;
            };
            validity.narrow(&during);
            let permission = self.permissions.of(company.id);
            if permission.allows(PartnerAccess::Search) && seats_left >= search.passengers.into() {
                possible.push((ride, permission, seats_left));
            }
        }
        let total = possible.len();
        possible.drain(..skip.min(total));
        possible.truncate(take);
        let second = self.now.trunc_subsecs(0);
        if self.partner_id.is_some() && !possible.is_empty() {
            validity.narrow(&(second..second + TimeDelta::seconds(1)));
        }
        let found = possible.into_iter().map(|(ride, permission, seats_left)| {
            let token = self
                .partner_id
                .map(|partner| sign(self.platform, partner, search, timetable, ride, second + LIFETIME))
                .transpose()?;
            Ok(Found {
                connection: ride.connection,
                prices: Arc::clone(&ride.prices),
                seats_left,
                permission,
                token,
            })
        });
        Ok(Offers {
            found: found.collect::<AppResult<_>>()?,
            total,
            validity,
        })
    }

    /// `None` when the departure is not on sale.
    fn seats_left(&self, connection: &Connection) -> Option<(u16, Range<DateTime<Utc>>)> {
        let timetable = &self.published.timetable;
        let trip = timetable.trip(connection);
        match self.platform.cache.sold((trip.id, connection.service_day)) {
            None => Some((trip.bus.seats, DateTime::<Utc>::MIN_UTC..DateTime::<Utc>::MAX_UTC)),
            Some(sold) if !sold.is_on_sale(timetable.version()) => None,
            Some(sold) => Some(sold.seats_left(trip.bus.seats, &(connection.boarding..connection.alighting), self.now)),
        }
    }
}

fn sign(
    platform: &Platform,
    partner_id: PartnerId,
    search: &Search,
    timetable: &Timetable,
    ride: &Ride,
    expires_at: DateTime<Utc>,
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
        expires_at,
    };
    let text = platform
        .offer_key
        .sign(&offer)
        .map_err(|e| AppError::Internal(format!("signing an offer: {e}")))?;
    Ok(Token { text, expires_at })
}
