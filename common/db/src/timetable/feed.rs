//! Feeds: namespaces of GTFS ids.

use chrono::{DateTime, NaiveDate, Utc};
use domain::gtfs::{Origin, Validators};
use domain::id::{CompanyId, FeedId};
use domain::tariff::Tariff;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Advisory lock that lets one import run at a time: feeds share companies and buses.
const IMPORTING: i64 = 0x7072_6578_0002;

/// Waits until no other import runs; the lock is held until the transaction ends.
///
/// # Errors
/// Database errors only.
pub async fn take_turn(conn: &mut PgConnection) -> AppResult<()> {
    sqlx::query!("select pg_advisory_xact_lock($1)", IMPORTING)
        .execute(conn)
        .await?;
    Ok(())
}

/// The feed of this key and the checksum of its last import.
///
/// # Errors
/// Database errors only.
pub async fn find(conn: &mut PgConnection, key: &str) -> AppResult<Option<(FeedId, Vec<u8>)>> {
    let row = sqlx::query!(r#"select id as "id: FeedId", sha256 from feeds where key = $1"#, key)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|r| (r.id, r.sha256)))
}

/// A row of `feeds`.
#[derive(Debug)]
pub struct FeedRow<'a> {
    /// Its id.
    pub id: FeedId,
    /// Its namespace.
    pub key: &'a str,
    /// Checksum of files and options.
    pub sha256: &'a [u8],
    /// For stop pairs without a fare.
    pub tariff: Option<Tariff>,
    /// Whether it is invented.
    pub synthetic: bool,
    /// When it was imported.
    pub imported_at: DateTime<Utc>,
}

/// Stores a feed, new or known.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, feed: &FeedRow<'_>) -> AppResult<()> {
    sqlx::query!(
        "insert into feeds (id, key, sha256, tariff_currency, tariff_base, tariff_per_km, synthetic, imported_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (id) do update set sha256 = excluded.sha256, tariff_currency = excluded.tariff_currency,
             tariff_base = excluded.tariff_base, tariff_per_km = excluded.tariff_per_km,
             synthetic = excluded.synthetic, imported_at = excluded.imported_at,
             withdrawn_at = null",
        feed.id as FeedId,
        feed.key,
        feed.sha256,
        feed.tariff.map(|t| t.currency.code()),
        feed.tariff.map(|t| t.base),
        feed.tariff.map(|t| t.per_km),
        feed.synthetic,
        feed.imported_at,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records where a feed was fetched from, or that it was not fetched: then it never counts as unchanged without being
/// read.
///
/// # Errors
/// Database errors only.
pub async fn set_origin(conn: &mut PgConnection, feed_id: FeedId, origin: Option<&Origin>) -> AppResult<()> {
    let origin = origin.filter(|origin| !origin.validators.is_empty());
    sqlx::query!(
        "update feeds set source_sha256 = $2, source_etag = $3, source_modified = $4
         where id = $1 and (source_sha256, source_etag, source_modified) is distinct from ($2, $3, $4)",
        feed_id as FeedId,
        origin.map(|origin| origin.sha256.as_slice()),
        origin.and_then(|origin| origin.validators.etag.as_deref()),
        origin.and_then(|origin| origin.validators.modified.as_deref()),
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A feed that was fetched before, from the same place and on the same terms.
#[derive(Debug)]
pub struct KnownFeed {
    /// Its namespace.
    pub key: String,
    /// Whether it is invented.
    pub synthetic: bool,
    /// How the server identified the version.
    pub validators: Validators,
    /// Trips times their service days.
    pub dated_departures: u64,
}

/// The feed of this origin, if any of it is still offered.
///
/// # Errors
/// Database errors only.
pub async fn of_origin(conn: &mut PgConnection, sha256: &[u8]) -> AppResult<Option<KnownFeed>> {
    let row = sqlx::query!(
        r#"select f.key, f.synthetic, f.source_etag, f.source_modified,
                  (select coalesce(sum(cardinality(s.days)), 0)::bigint from trips t join services s on s.id = t.service_id
                   where t.feed_id = f.id and t.withdrawn_at is null) as "dated_departures!"
           from feeds f
           where f.source_sha256 = $1 and exists (
               select from trips t where t.feed_id = f.id and t.withdrawn_at is null
           )
           order by f.imported_at desc limit 1"#,
        sha256,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| KnownFeed {
        key: row.key,
        synthetic: row.synthetic,
        validators: Validators {
            etag: row.source_etag,
            modified: row.source_modified,
        },
        dated_departures: row.dated_departures.unsigned_abs(),
    }))
}

/// Keys of other feeds in which these companies run something.
///
/// # Errors
/// Database errors only.
pub async fn sharing(conn: &mut PgConnection, feed_id: FeedId, companies: &[CompanyId]) -> AppResult<Vec<String>> {
    let companies: Vec<_> = companies.iter().map(|id| id.0).collect();
    Ok(sqlx::query_scalar!(
        "select f.key from feeds f
         where f.id <> $1 and exists (
             select from routes r where r.feed_id = f.id and r.company_id = any($2) and r.withdrawn_at is null
         )
         order by f.key limit 10",
        feed_id as FeedId,
        &companies,
    )
    .fetch_all(conn)
    .await?)
}

/// A feed in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedSummary {
    /// Its key.
    pub key: String,
    /// Slugs of the companies that run it.
    pub companies: Vec<String>,
    /// When it was imported last.
    pub imported_at: DateTime<Utc>,
    /// When it was taken off sale, if it was.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// Whether it is invented.
    pub synthetic: bool,
    /// Stops on sale.
    pub stops: i64,
    /// Trips on sale.
    pub trips: i64,
    /// First and last day of these.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Seats of people who still travel.
    pub seats_held: i64,
}

/// Every feed, by key.
///
/// # Errors
/// Database errors only.
pub async fn summaries(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Vec<FeedSummary>> {
    let rows = sqlx::query!(
        r#"select f.key, f.imported_at, f.withdrawn_at, f.synthetic,
                  array(select distinct c.slug from routes r join companies c on c.id = r.company_id
                        where r.feed_id = f.id order by c.slug) as "companies!",
                  (select count(*) from stops s where s.feed_id = f.id and s.withdrawn_at is null) as "stops!",
                  coalesce(live.trips, 0) as "trips!", live.first_day as "first_day?", live.last_day as "last_day?",
                  (select count(*) from seat_holds h join trips t on t.id = h.trip_id
                   where t.feed_id = f.id and exists (
                       select from departure_calls c
                       where c.trip_id = h.trip_id and c.service_day = h.service_day and c.arrival_at > $1
                   )) as "seats_held!"
           from feeds f
           left join lateral (
               select count(*) as trips, min(s.days[1]) as first_day, max(s.days[cardinality(s.days)]) as last_day
               from trips t join services s on s.id = t.service_id
               where t.feed_id = f.id and t.withdrawn_at is null
           ) as live on true
           order by f.key"#,
        now,
    )
    .fetch_all(conn)
    .await?;
    let summaries = rows.into_iter().map(|row| FeedSummary {
        key: row.key,
        companies: row.companies,
        imported_at: row.imported_at,
        withdrawn_at: row.withdrawn_at,
        synthetic: row.synthetic,
        stops: row.stops,
        trips: row.trips,
        days: row.first_day.zip(row.last_day),
        seats_held: row.seats_held,
    });
    Ok(summaries.collect())
}

/// Takes everything of a feed off sale; returns the number of trips. The next import never counts as unchanged.
///
/// # Errors
/// Database errors only.
pub async fn withdraw(conn: &mut PgConnection, feed_id: FeedId, now: DateTime<Utc>) -> AppResult<u64> {
    let done = sqlx::query!(
        "with feed as (
             update feeds set withdrawn_at = $2, sha256 = '' where id = $1
         ), stop as (
             update stops set withdrawn_at = $2 where feed_id = $1 and withdrawn_at is null
         ), route as (
             update routes set withdrawn_at = $2 where feed_id = $1 and withdrawn_at is null
         )
         update trips set withdrawn_at = $2 where feed_id = $1 and withdrawn_at is null",
        feed_id as FeedId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Gives a feed, and with it its carriers, another key.
///
/// # Errors
/// Database errors only.
pub async fn rename(conn: &mut PgConnection, feed_id: FeedId, old: &str, new: &str) -> AppResult<()> {
    sqlx::query!(
        "with carrier as (
             update carriers set key = $3 || substr(key, length($2) + 1)
             where id in (select carrier_id from routes where feed_id = $1) and starts_with(key, $2 || '/')
         )
         update feeds set key = $3 where id = $1",
        feed_id as FeedId,
        old,
        new,
    )
    .execute(conn)
    .await?;
    Ok(())
}
