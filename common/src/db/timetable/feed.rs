//! Feeds: namespaces of GTFS ids.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::domain::tariff::Tariff;
use crate::error::AppResult;
use crate::id::{CompanyId, FeedId};

/// Advisory lock that lets one import run at a time: feeds share companies and buses.
const IMPORTING: i64 = 0x7072_6578_0002;

/// Waits for its turn; the turn ends with the transaction.
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
    /// Of files and options.
    pub sha256: &'a [u8],
    /// For stop pairs without a fare.
    pub tariff: Option<Tariff>,
    /// Whether it is invented.
    pub synthetic: bool,
    /// When.
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
             synthetic = excluded.synthetic, imported_at = excluded.imported_at",
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
