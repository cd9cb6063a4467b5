//! Fares of a feed.

use domain::id::{FareId, FeedId, RouteId};
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::error::AppResult;

/// A row of `fares`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FareRow {
    /// Its id.
    pub id: FareId,
    /// Its scope.
    pub key: FareKey,
    /// Per passenger.
    pub amount: Decimal,
}

/// The scope of a fare; `None` is a wildcard.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct FareKey {
    /// On which line.
    pub route_id: Option<RouteId>,
    /// From which zone.
    pub origin: Option<String>,
    /// To which zone.
    pub destination: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
}

/// Every fare of a feed.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<FareRow>> {
    let rows = sqlx::query!(
        r#"select id as "id: FareId", route_id as "route_id: RouteId", origin_zone, destination_zone, currency, amount
           from fares where feed_id = $1"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?;
    let rows = rows.into_iter().map(|r| FareRow {
        id: r.id,
        key: FareKey {
            route_id: r.route_id,
            origin: r.origin_zone,
            destination: r.destination_zone,
            currency: r.currency,
        },
        amount: r.amount.normalize(),
    });
    Ok(rows.collect())
}

/// Stores fares, new or known.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, feed_id: FeedId, rows: &[&FareRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let routes: Vec<_> = rows.iter().map(|r| r.key.route_id.map(|id| id.0)).collect();
    let origins: Vec<_> = rows.iter().map(|r| r.key.origin.clone()).collect();
    let destinations: Vec<_> = rows.iter().map(|r| r.key.destination.clone()).collect();
    let currencies: Vec<_> = rows.iter().map(|r| r.key.currency.clone()).collect();
    let amounts: Vec<_> = rows.iter().map(|r| r.amount).collect();
    sqlx::query!(
        "insert into fares (feed_id, id, route_id, origin_zone, destination_zone, currency, amount)
         select $1, new.*
         from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::numeric[]) as new
         on conflict (id) do update set amount = excluded.amount",
        feed_id as FeedId,
        &ids,
        &routes as &[Option<uuid::Uuid>],
        &origins as &[Option<String>],
        &destinations as &[Option<String>],
        &currencies,
        &amounts,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes fares: tickets carry their own price, so nothing else names them.
///
/// # Errors
/// Database errors only.
pub async fn delete(conn: &mut PgConnection, ids: &[FareId]) -> AppResult<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("delete from fares where id = any($1)", &ids)
        .execute(conn)
        .await?;
    Ok(())
}
