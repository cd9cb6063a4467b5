//! Stops of a feed and their names.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use domain::geo::Point;
use domain::id::{CityId, FeedId, StopId};
use domain::language::Language;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A row of `stops`.
#[derive(Debug, Clone, PartialEq)]
pub struct StopRow {
    /// Its id.
    pub id: StopId,
    /// `stop_id` of the feed.
    pub key: String,
    /// As the feed writes it.
    pub name: String,
    /// Where it is, in words.
    pub address: Option<String>,
    /// Bay or platform.
    pub platform: Option<String>,
    /// North positive.
    pub latitude: f64,
    /// East positive.
    pub longitude: f64,
    /// What fares are stated between.
    pub zone: Option<String>,
    /// Nearest city, if one is near enough.
    pub city_id: Option<CityId>,
    /// Whether it has disappeared from the feed.
    pub withdrawn: bool,
}

impl StopRow {
    /// Its position.
    #[must_use]
    pub const fn point(&self) -> Point {
        Point {
            latitude: self.latitude,
            longitude: self.longitude,
        }
    }
}

/// Every stop of a feed, withdrawn ones included.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<StopRow>> {
    Ok(sqlx::query_as!(
        StopRow,
        r#"select id as "id: StopId", feed_stop_id as key, name, address, platform, latitude, longitude, zone,
                  case when not city_lost then city_id end as "city_id: CityId", withdrawn_at is not null as "withdrawn!"
           from stops where feed_id = $1"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}

/// The cities of these stops; those that have none, or lost it, are left out.
///
/// # Errors
/// Database errors only.
pub async fn cities(conn: &mut PgConnection, ids: &[StopId]) -> AppResult<HashMap<StopId, CityId>> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id: StopId", city_id as "city_id!: CityId"
           from stops where id = any($1) and city_id is not null and not city_lost"#,
        &ids,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.city_id)).collect())
}

/// Stores stops, new or known; they are on sale again if they were withdrawn. One that lost its city remembers it, for
/// tickets that were sold.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, feed_id: FeedId, rows: &[&StopRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let keys: Vec<_> = rows.iter().map(|r| r.key.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let addresses: Vec<_> = rows.iter().map(|r| r.address.clone()).collect();
    let platforms: Vec<_> = rows.iter().map(|r| r.platform.clone()).collect();
    let latitudes: Vec<_> = rows.iter().map(|r| r.latitude).collect();
    let longitudes: Vec<_> = rows.iter().map(|r| r.longitude).collect();
    let zones: Vec<_> = rows.iter().map(|r| r.zone.clone()).collect();
    let cities: Vec<_> = rows.iter().map(|r| r.city_id.map(|id| id.0)).collect();
    sqlx::query!(
        "insert into stops (feed_id, id, feed_stop_id, name, address, platform, latitude, longitude, zone, city_id)
         select $1, new.*
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::float8[],
                     $9::text[], $10::uuid[]) as new
         on conflict (id) do update set feed_stop_id = excluded.feed_stop_id, name = excluded.name, address = excluded.address,
             platform = excluded.platform, latitude = excluded.latitude, longitude = excluded.longitude,
             zone = excluded.zone, city_id = coalesce(excluded.city_id, stops.city_id),
             city_lost = excluded.city_id is null, withdrawn_at = null",
        feed_id as FeedId,
        &ids,
        &keys,
        &names,
        &addresses as &[Option<String>],
        &platforms as &[Option<String>],
        &latitudes,
        &longitudes,
        &zones as &[Option<String>],
        &cities as &[Option<Uuid>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives stops other keys, because others have theirs from now on: the old key, `~` and the id.
///
/// # Errors
/// Database errors only.
pub async fn rename(conn: &mut PgConnection, ids: &[Uuid]) -> AppResult<()> {
    sqlx::query!(
        "update stops set feed_stop_id = feed_stop_id || '~' || id where id = any($1)",
        ids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes stops off sale.
///
/// # Errors
/// Database errors only.
pub async fn withdraw(conn: &mut PgConnection, ids: &[StopId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("update stops set withdrawn_at = $2 where id = any($1)", &ids, now)
        .execute(conn)
        .await?;
    Ok(())
}

/// The name of a stop in a language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct StopName {
    /// The stop.
    pub stop_id: StopId,
    /// The language.
    pub language: Language,
    /// The name.
    pub name: String,
}

/// Every name of the stops of a feed, by stop and language.
///
/// # Errors
/// Database errors only.
pub async fn stored_names(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<StopName>> {
    Ok(sqlx::query_as!(
        StopName,
        r#"select n.stop_id as "stop_id: StopId", n.language as "language: Language", n.name
           from stop_names n join stops s on s.id = n.stop_id
           where s.feed_id = $1"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}

/// Makes these the only names of the stops of a feed.
///
/// # Errors
/// Database errors only.
pub async fn replace_names(conn: &mut PgConnection, feed_id: FeedId, names: &[StopName]) -> AppResult<()> {
    sqlx::query!(
        "delete from stop_names using stops where stops.id = stop_names.stop_id and stops.feed_id = $1",
        feed_id as FeedId,
    )
    .execute(&mut *conn)
    .await?;
    let stops: Vec<_> = names.iter().map(|n| n.stop_id.0).collect();
    let languages: Vec<_> = names.iter().map(|n| n.language.word().to_owned()).collect();
    let texts: Vec<_> = names.iter().map(|n| n.name.clone()).collect();
    sqlx::query!(
        "insert into stop_names (stop_id, language, name) select * from unnest($1::uuid[], $2::text[], $3::text[])",
        &stops,
        &languages,
        &texts,
    )
    .execute(conn)
    .await?;
    Ok(())
}
