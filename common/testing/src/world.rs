//! Test data: companies, cities, stops, trips, partners and tickets, inserted into the database directly.
//!
//! Each function inserts one thing and returns its id; what a test does not care about has a plain default. Use cases
//! under test are not called here, so that a broken use case cannot break the data of its own test.

use app::api_key;
use app::ops::Operator;
use chrono::{DateTime, Utc};
use domain::access::Workplace;
use domain::id::{CarrierId, CityId, CompanyId, FeedId, PartnerId, StopId, UserId};
use domain::language::Language;
use sqlx::PgConnection;

mod many_tickets;
mod person;
mod ticket;
mod timetable;
mod tracking;

pub use ticket::{Sale, SoldTicket};
pub use timetable::Call;
pub use tracking::vault;

/// Whom the audit trail names for what a test does.
#[must_use]
pub fn operator() -> Operator {
    Operator::user(UserId::new(), Workplace::Platform, None)
}

/// A company with one carrier.
#[derive(Debug, Clone, Copy)]
pub struct Company {
    /// The company.
    pub id: CompanyId,
    /// Its only carrier.
    pub carrier_id: CarrierId,
}

/// Inserts things into a database.
#[derive(Debug)]
pub struct World<'c> {
    /// The connection to it.
    pub conn: &'c mut PgConnection,
    /// When everything was created.
    pub now: DateTime<Utc>,
    /// The feed that stops and trips belong to.
    pub feed_id: FeedId,
}

#[expect(clippy::expect_used, reason = "a test harness may panic")]
impl<'c> World<'c> {
    /// An empty world with one feed.
    ///
    /// # Panics
    /// When the database refuses, as every function here.
    pub async fn new(conn: &'c mut PgConnection, now: DateTime<Utc>) -> Self {
        let feed_id = FeedId::new();
        sqlx::query!(
            "insert into feeds (id, key, sha256, imported_at) values ($1, $2, '\\x00', $3)",
            feed_id as FeedId,
            feed_id.to_string(),
            now,
        )
        .execute(&mut *conn)
        .await
        .expect("a feed");
        Self { conn, now, feed_id }
    }

    /// A company of this slug with a carrier of two phones.
    pub async fn company(&mut self, slug: &str) -> Company {
        let company = Company {
            id: CompanyId::new(),
            carrier_id: CarrierId::new(),
        };
        sqlx::query!(
            "insert into companies (id, slug, name, time_zone, created_at) values ($1, $2, $2, 'Europe/Kyiv', $3)",
            company.id as CompanyId,
            slug,
            self.now,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a company");
        sqlx::query!(
            "insert into carriers (id, company_id, key, name, phones)
             values ($1, $2, 'fleet', $3, '{+380441234567,+48221234567}')",
            company.carrier_id as CarrierId,
            company.id as CompanyId,
            format!("{slug} fleet"),
        )
        .execute(&mut *self.conn)
        .await
        .expect("a carrier");
        company
    }

    /// A partner of this slug.
    pub async fn partner(&mut self, slug: &str) -> PartnerId {
        let id = PartnerId::new();
        sqlx::query!(
            "insert into partners (id, slug, name, created_at) values ($1, $2, $2, $3)",
            id as PartnerId,
            slug,
            self.now,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a partner");
        id
    }

    /// A key of a partner for an environment; returns its text.
    pub async fn key(&mut self, partner_id: PartnerId, environment: &str) -> String {
        let mut secret = [0; 32];
        secret[..16].copy_from_slice(uuid::Uuid::new_v4().as_bytes());
        let key = api_key::key_text(environment, secret);
        api_key::create(&mut *self.conn, partner_id, environment, "test", &key, self.now)
            .await
            .expect("a key");
        key
    }

    /// A city with its names; the stored name is the slug.
    pub async fn city(&mut self, slug: &str, country: &str, time_zone: &str, names: &[(Language, &str)]) -> CityId {
        let id = CityId::new();
        sqlx::query!(
            "insert into cities (id, geonames_id, slug, name, country, time_zone, latitude, longitude)
             select $1, coalesce(max(geonames_id), 0) + 1, $2, $2, $3, $4, 50, 30 from cities",
            id as CityId,
            slug,
            country,
            time_zone,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a city");
        let (languages, names): (Vec<_>, Vec<_>) = names
            .iter()
            .map(|(language, name)| (language.word().to_owned(), (*name).to_owned()))
            .unzip();
        sqlx::query!(
            "insert into city_names (city_id, language, name)
             select $1, language, name from unnest($2::text[], $3::text[]) as n (language, name)",
            id as CityId,
            &languages,
            &names,
        )
        .execute(&mut *self.conn)
        .await
        .expect("names of a city");
        id
    }

    /// A stop of a city; its name is also its id in the feed and its fare zone.
    pub async fn stop(&mut self, city_id: CityId, name: &str) -> StopId {
        let id = StopId::new();
        sqlx::query!(
            "insert into stops (id, feed_id, feed_stop_id, name, address, platform, latitude, longitude, zone, city_id)
             values ($1, $2, $3, $3, 'Main street 1', '7', 50, 30, $3, $4)",
            id as StopId,
            self.feed_id as FeedId,
            name,
            city_id as CityId,
        )
        .execute(&mut *self.conn)
        .await
        .expect("a stop");
        id
    }
}
