//! The feeds that a company has routes in.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, FeedId};
use domain::tariff::Tariff;
use sqlx::PgConnection;

use crate::error::{AppError, AppResult};

/// A feed that a company has routes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyFeed {
    /// Its id.
    pub id: FeedId,
    /// Its namespace.
    pub key: String,
    /// For stop pairs without a fare.
    pub tariff: Option<Tariff>,
    /// Whether it is invented.
    pub synthetic: bool,
    /// When it was imported last or taken off sale.
    pub changed_at: DateTime<Utc>,
    /// Whether routes of the company in it are on sale.
    pub is_live: bool,
    /// Whether routes of other companies in it are on sale.
    pub is_shared: bool,
}

/// The feeds that a company has routes in, those on sale first and then the latest; a bounded number.
///
/// # Errors
/// Database errors; a tariff in a currency that is not known.
pub async fn list(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Vec<CompanyFeed>> {
    let rows = sqlx::query!(
        r#"select f.id as "id: FeedId", f.key, f.tariff_currency, f.tariff_base, f.tariff_per_km, f.synthetic,
                  coalesce(f.withdrawn_at, f.imported_at) as "changed_at!", own.is_live as "is_live!",
                  exists (select from routes r where r.feed_id = f.id and r.company_id <> $1
                          and r.withdrawn_at is null) as "is_shared!"
           from (
               select feed_id, bool_or(withdrawn_at is null) as is_live from routes where company_id = $1
               group by feed_id
           ) as own join feeds f on f.id = own.feed_id
           order by own.is_live desc, f.imported_at desc limit 10"#,
        company_id as CompanyId,
    )
    .fetch_all(conn)
    .await?;
    let feeds = rows.into_iter().map(|row| {
        let tariff = match (row.tariff_currency, row.tariff_base, row.tariff_per_km) {
            (Some(code), Some(base), Some(per_km)) => Some(Tariff {
                currency: code
                    .parse()
                    .map_err(|_| AppError::Internal(format!("a tariff in {code:?}")))?,
                base,
                per_km,
            }),
            _ => None,
        };
        Ok(CompanyFeed {
            id: row.id,
            key: row.key,
            tariff,
            synthetic: row.synthetic,
            changed_at: row.changed_at,
            is_live: row.is_live,
            is_shared: row.is_shared,
        })
    });
    feeds.collect()
}
