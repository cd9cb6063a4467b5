//! Companies and carriers that a feed brings along.

use chrono::{DateTime, Utc};
use domain::id::{CarrierId, CompanyId, FeedId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// A company as an agency describes it; used only when there is no company of this slug yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyRow {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// IANA name.
    pub time_zone: String,
}

/// Creates the missing companies; existing ones keep what users entered. Returns how many are new.
///
/// # Errors
/// Database errors only.
pub async fn create_missing_companies(
    conn: &mut PgConnection,
    rows: &[CompanyRow],
    now: DateTime<Utc>,
) -> AppResult<u64> {
    let ids: Vec<_> = rows.iter().map(|_| CompanyId::new().0).collect();
    let slugs: Vec<_> = rows.iter().map(|r| r.slug.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let emails: Vec<_> = rows.iter().map(|r| r.email.clone()).collect();
    let websites: Vec<_> = rows.iter().map(|r| r.website.clone()).collect();
    let zones: Vec<_> = rows.iter().map(|r| r.time_zone.clone()).collect();
    let done = sqlx::query!(
        "insert into companies (id, slug, name, email, website, time_zone, created_at)
         select id, slug, name, email, website, time_zone, $7
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
              as new (id, slug, name, email, website, time_zone)
         order by slug
         on conflict (slug) do nothing",
        &ids,
        &slugs,
        &names,
        &emails as &[Option<String>],
        &websites as &[Option<String>],
        &zones,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Ids of the companies of these slugs.
///
/// # Errors
/// Database errors only.
pub async fn companies(conn: &mut PgConnection, slugs: &[String]) -> AppResult<Vec<(String, CompanyId)>> {
    let rows = sqlx::query!(
        r#"select slug, id as "id: CompanyId" from companies where slug = any($1)"#,
        slugs
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|r| (r.slug, r.id)).collect())
}

/// A row of `carriers`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CarrierRow {
    /// Its id.
    pub id: CarrierId,
    /// Its company.
    pub company_id: CompanyId,
    /// Feed key and `agency_id`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Its telephones.
    pub phones: Vec<String>,
}

/// The carriers of these companies.
///
/// # Errors
/// Database errors only.
pub async fn carriers(conn: &mut PgConnection, companies: &[CompanyId]) -> AppResult<Vec<CarrierRow>> {
    let companies: Vec<_> = companies.iter().map(|id| id.0).collect();
    Ok(sqlx::query_as!(
        CarrierRow,
        r#"select id as "id: CarrierId", company_id as "company_id: CompanyId", key, name, phones
           from carriers where company_id = any($1)"#,
        &companies,
    )
    .fetch_all(conn)
    .await?)
}

/// A carrier that has run something of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedCarrier {
    /// Its id.
    pub id: CarrierId,
    /// Its company.
    pub company_id: CompanyId,
    /// The slug of its company.
    pub company_slug: String,
    /// Feed key and `agency_id`.
    pub key: String,
    /// Its name.
    pub name: String,
}

/// The carriers that run a route of a feed, or ran one that was withdrawn.
///
/// # Errors
/// Database errors only.
pub async fn carriers_of_feed(conn: &mut PgConnection, feed_id: FeedId) -> AppResult<Vec<FeedCarrier>> {
    Ok(sqlx::query_as!(
        FeedCarrier,
        r#"select k.id as "id: CarrierId", k.company_id as "company_id: CompanyId", c.slug as company_slug, k.key, k.name
           from carriers k join companies c on c.id = k.company_id
           where k.id in (select carrier_id from routes where feed_id = $1)
           order by k.id"#,
        feed_id as FeedId,
    )
    .fetch_all(conn)
    .await?)
}

/// Gives carriers other keys, because others have theirs from now on: the old key, `~` and the id.
///
/// # Errors
/// Database errors only.
pub async fn rename_carriers(conn: &mut PgConnection, ids: &[Uuid]) -> AppResult<()> {
    sqlx::query!("update carriers set key = key || '~' || id where id = any($1)", ids)
        .execute(conn)
        .await?;
    Ok(())
}

/// Stores carriers, new or known. A carrier of a feed has one telephone at most: GTFS gives no more.
///
/// # Errors
/// Database errors only.
pub async fn upsert_carriers(conn: &mut PgConnection, rows: &[&CarrierRow]) -> AppResult<()> {
    let ids: Vec<_> = rows.iter().map(|r| r.id.0).collect();
    let companies: Vec<_> = rows.iter().map(|r| r.company_id.0).collect();
    let keys: Vec<_> = rows.iter().map(|r| r.key.clone()).collect();
    let names: Vec<_> = rows.iter().map(|r| r.name.clone()).collect();
    let phones: Vec<_> = rows.iter().map(|r| r.phones.first().cloned()).collect();
    sqlx::query!(
        "insert into carriers (id, company_id, key, name, phones)
         select id, company_id, key, name, array_remove(array[phone], null)
         from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[])
              as new (id, company_id, key, name, phone)
         on conflict (id) do update set key = excluded.key, name = excluded.name, phones = excluded.phones",
        &ids,
        &companies,
        &keys,
        &names,
        &phones as &[Option<String>],
    )
    .execute(conn)
    .await?;
    Ok(())
}
