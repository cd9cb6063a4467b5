//! Scopes that are not for sale, because their price in the feed is unknown.

use domain::id::{FeedId, RouteId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A row of `unpriced_scopes`; a `None` is a wildcard.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnpricedRow {
    /// On which line.
    pub route_id: Option<RouteId>,
    /// From which zone.
    pub origin: Option<String>,
    /// To which zone.
    pub destination: Option<String>,
}

/// Makes these the only unpriced scopes of a feed.
///
/// # Errors
/// Database errors only.
pub async fn replace(conn: &mut PgConnection, feed_id: FeedId, rows: &[UnpricedRow]) -> AppResult<()> {
    sqlx::query!("delete from unpriced_scopes where feed_id = $1", feed_id as FeedId)
        .execute(&mut *conn)
        .await?;
    let ids: Vec<_> = rows.iter().map(|_| Uuid::now_v7()).collect();
    let routes: Vec<_> = rows.iter().map(|r| r.route_id.map(|id| id.0)).collect();
    let origins: Vec<_> = rows.iter().map(|r| r.origin.clone()).collect();
    let destinations: Vec<_> = rows.iter().map(|r| r.destination.clone()).collect();
    sqlx::query!(
        "insert into unpriced_scopes (feed_id, id, route_id, origin_zone, destination_zone)
         select $1, new.* from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as new",
        feed_id as FeedId,
        &ids,
        &routes as &[Option<Uuid>],
        &origins as &[Option<String>],
        &destinations as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The unpriced scopes of a feed.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<UnpricedRow>> {
    Ok(sqlx::query_as!(
        UnpricedRow,
        r#"select route_id as "route_id: RouteId", origin_zone as origin, destination_zone as destination
           from unpriced_scopes where feed_id = $1"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}
