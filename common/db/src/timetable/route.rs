//! Routes of a feed.

use chrono::{DateTime, Utc};
use domain::id::{CarrierId, CompanyId, FeedId, RouteId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A row of `routes`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RouteRow {
    /// Its id.
    pub id: RouteId,
    /// `route_id` of the feed.
    pub key: String,
    /// The company that sells it.
    pub company_id: CompanyId,
    /// The carrier that drives it.
    pub carrier_id: CarrierId,
    /// For URLs.
    pub slug: String,
    /// For people.
    pub name: String,
    /// More for people.
    pub description: Option<String>,
    /// Whether it has disappeared from the feed.
    pub withdrawn: bool,
}

/// Every route of a feed, withdrawn ones included.
///
/// # Errors
/// Database errors only.
pub async fn stored(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<RouteRow>> {
    Ok(sqlx::query_as!(
        RouteRow,
        r#"select id as "id: RouteId", feed_route_id as key, company_id as "company_id: CompanyId",
                  carrier_id as "carrier_id: CarrierId", slug, name, description,
                  withdrawn_at is not null as "withdrawn!"
           from routes where feed_id = $1"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}

/// Stores routes, new or known; they are on sale again if they were withdrawn.
///
/// # Errors
/// Database errors only.
pub async fn upsert(conn: &mut PgConnection, feed_id: FeedId, rows: &[&RouteRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let keys: Vec<_> = rows.iter().map(|r| r.key.clone()).collect();
    let companies: Vec<_> = rows.iter().map(|r| r.company_id.0).collect();
    let carriers: Vec<_> = rows.iter().map(|r| r.carrier_id.0).collect();
    let slugs: Vec<_> = rows.iter().map(|r| r.slug.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let descriptions: Vec<_> = rows.iter().map(|r| r.description.clone()).collect();
    sqlx::query!(
        "insert into routes (feed_id, id, feed_route_id, company_id, carrier_id, slug, name, description)
         select $1, new.*
         from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[]) as new
         on conflict (id) do update set feed_route_id = excluded.feed_route_id, company_id = excluded.company_id, carrier_id = excluded.carrier_id,
             slug = excluded.slug, name = excluded.name, description = excluded.description, withdrawn_at = null",
        feed_id as FeedId,
        &ids,
        &keys,
        &companies,
        &carriers,
        &slugs,
        &names,
        &descriptions as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives routes other keys, because others have theirs from now on: the old key, `~` and the id.
///
/// # Errors
/// Database errors only.
pub async fn rename(conn: &mut PgConnection, ids: &[Uuid]) -> AppResult<()> {
    sqlx::query!(
        "update routes set feed_route_id = feed_route_id || '~' || id where id = any($1)",
        ids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes routes off sale.
///
/// # Errors
/// Database errors only.
pub async fn withdraw(conn: &mut PgConnection, ids: &[RouteId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    sqlx::query!("update routes set withdrawn_at = $2 where id = any($1)", &ids, now)
        .execute(conn)
        .await?;
    Ok(())
}
