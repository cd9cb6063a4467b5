//! Bus companies.

use chrono::{DateTime, Utc};
use domain::id::CompanyId;
use domain::party::Tier;
use sqlx::PgConnection;

use crate::error::AppResult;

/// A company to store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewCompany {
    /// For URLs; unique.
    pub slug: String,
    /// For people.
    pub name: String,
    /// Mail address.
    pub email: Option<String>,
    /// Site.
    pub website: Option<String>,
    /// IANA name; days of reports and discounts are days in it.
    pub time_zone: String,
    /// Minutes before boarding at which a departure closes for sale.
    pub sales_cutoff_minutes: i32,
    /// Hours before boarding until which paid tickets can be canceled.
    pub cancellation_cutoff_hours: Option<i32>,
    /// The company that sells on its behalf.
    pub partner_company_id: Option<CompanyId>,
}

/// Stores a company; false when the slug is taken.
///
/// # Errors
/// Database errors only.
pub async fn insert(
    conn: &mut PgConnection,
    id: CompanyId,
    company: &NewCompany,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "insert into companies (id, slug, name, email, website, time_zone, sales_cutoff_minutes,
                                cancellation_cutoff_hours, partner_company_id, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (slug) do nothing",
        id as CompanyId,
        company.slug,
        company.name,
        company.email,
        company.website,
        company.time_zone,
        company.sales_cutoff_minutes,
        company.cancellation_cutoff_hours,
        company.partner_company_id as Option<CompanyId>,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// A company as people of the platform see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyRow {
    /// The company.
    pub id: CompanyId,
    /// Its unique name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its subscription.
    pub tier: Tier,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Minutes before boarding at which a departure closes for sale.
    pub sales_cutoff_minutes: i32,
    /// Hours before boarding until which paid tickets can be canceled; `None`: always.
    pub cancellation_cutoff_hours: Option<i32>,
    /// When it was created.
    pub created_at: DateTime<Utc>,
}

/// Companies by slug, those after `after` (all come after the empty text), at most `take`.
///
/// # Errors
/// Database errors only.
pub async fn list(conn: &mut PgConnection, after: &str, take: i64) -> AppResult<Vec<CompanyRow>> {
    Ok(sqlx::query_as!(
        CompanyRow,
        r#"select id as "id: CompanyId", slug, name, tier as "tier: Tier", time_zone, sales_cutoff_minutes,
                  cancellation_cutoff_hours, created_at
           from companies where slug > $1 order by slug limit $2"#,
        after,
        take,
    )
    .fetch_all(conn)
    .await?)
}

/// The company of this slug.
///
/// # Errors
/// Database errors only.
pub async fn find_id(conn: &mut PgConnection, slug: &str) -> AppResult<Option<CompanyId>> {
    Ok(
        sqlx::query_scalar!(r#"select id as "id: CompanyId" from companies where slug = $1"#, slug)
            .fetch_optional(conn)
            .await?,
    )
}

/// The sales settings of a company.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SalesSettings {
    /// Minutes before boarding at which a departure closes for sale.
    pub sales_cutoff_minutes: i32,
    /// Hours before boarding until which paid tickets can be canceled; `None`: always.
    pub cancellation_cutoff_hours: Option<i32>,
    /// IANA name of its time zone.
    pub time_zone: String,
}

/// The sales settings of a company.
///
/// # Errors
/// Database errors only.
pub async fn sales_settings(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<SalesSettings> {
    Ok(sqlx::query_as!(
        SalesSettings,
        "select sales_cutoff_minutes, cancellation_cutoff_hours, time_zone from companies where id = $1",
        company_id as CompanyId,
    )
    .fetch_one(conn)
    .await?)
}

/// Changes the sales settings of a company; false when they were the same already.
///
/// # Errors
/// Database errors only.
pub async fn set_sales_settings(
    conn: &mut PgConnection,
    company_id: CompanyId,
    sales_cutoff_minutes: i32,
    cancellation_cutoff_hours: Option<i32>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "update companies set sales_cutoff_minutes = $2, cancellation_cutoff_hours = $3
         where id = $1
           and (sales_cutoff_minutes, cancellation_cutoff_hours) is distinct from ($2, $3)",
        company_id as CompanyId,
        sales_cutoff_minutes,
        cancellation_cutoff_hours,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks a company against concurrent changes of its terms; sales continue.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<()> {
    sqlx::query!(
        "select from companies where id = $1 for no key update",
        company_id as CompanyId
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// IANA names of the time zones that companies have, each once.
///
/// # Errors
/// Database errors only.
pub async fn time_zones(conn: &mut PgConnection) -> AppResult<Vec<String>> {
    Ok(
        sqlx::query_scalar!("select distinct time_zone from companies order by time_zone")
            .fetch_all(conn)
            .await?,
    )
}

/// IANA name of a company's time zone.
///
/// # Errors
/// Database errors only.
pub async fn time_zone(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<String> {
    Ok(
        sqlx::query_scalar!("select time_zone from companies where id = $1", company_id as CompanyId)
            .fetch_one(conn)
            .await?,
    )
}
