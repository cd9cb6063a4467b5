//! Services of a feed: sets of days.

use chrono::NaiveDate;
use domain::id::{FeedId, ServiceId};
use sqlx::PgConnection;

use crate::error::AppResult;

/// A row of `services`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceRow {
    /// Its id.
    pub id: ServiceId,
    /// `service_id` of the feed.
    pub key: String,
    /// Ascending.
    pub days: Vec<NaiveDate>,
}

/// Every service of a feed.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<ServiceRow>> {
    Ok(sqlx::query_as!(
        ServiceRow,
        r#"select id as "id: ServiceId", feed_service_id as key, days from services where feed_id = $1"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}

/// Stores services, new or known.
///
/// Days travel as one flat list with the number of days of each service: PostgreSQL has no arrays of arrays of
/// different lengths.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, feed_id: FeedId, rows: &[&ServiceRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let keys: Vec<_> = rows.iter().map(|r| r.key.clone()).collect();
    let mut end = 0;
    let ends: Vec<i32> = rows
        .iter()
        .map(|r| {
            end += i32::try_from(r.days.len()).unwrap_or(i32::MAX);
            end
        })
        .collect();
    let days: Vec<NaiveDate> = rows.iter().flat_map(|r| r.days.iter().copied()).collect();
    sqlx::query!(
        "insert into services (feed_id, id, feed_service_id, days)
         select $1, id, key, ($5::date[])[lag(until, 1, 0) over (order by place) + 1 : until]
         from unnest($2::uuid[], $3::text[], $4::int[]) with ordinality as new (id, key, until, place)
         on conflict (id) do update set days = excluded.days",
        feed_id as FeedId,
        &ids,
        &keys,
        &ends,
        &days,
    )
    .execute(conn)
    .await?;
    Ok(())
}
