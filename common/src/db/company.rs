//! Bus companies.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::AppResult;
use crate::id::CompanyId;

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
    /// A departure closes for sale so many minutes before boarding.
    pub sales_cutoff_minutes: i32,
    /// Paid tickets cannot be canceled later than so many hours before boarding.
    pub cancellation_cutoff_hours: Option<i32>,
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
                                cancellation_cutoff_hours, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (slug) do nothing",
        id as CompanyId,
        company.slug,
        company.name,
        company.email,
        company.website,
        company.time_zone,
        company.sales_cutoff_minutes,
        company.cancellation_cutoff_hours,
        now,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
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
