//! Partners with their rate limits, and companies.

pub use db::company::CompanyRow;
pub use db::rate_limit::PartnerRow;
use domain::rate_limit::Limits;
use sqlx::PgPool;

use crate::error::AppResult;
use crate::rate_limit::RateLimits;

/// Partners by slug with the limits of all their keys together, those after `after`; at most `take` of them, and
/// whether there are more.
///
/// # Errors
/// Database errors only.
pub async fn partners(
    pool: &PgPool,
    rate_limits: &RateLimits,
    after: &str,
    take: usize,
) -> AppResult<(Vec<(PartnerRow, Limits)>, bool)> {
    let mut partners = db::rate_limit::list(&mut *pool.acquire().await?, after, limit(take)).await?;
    let has_more = partners.len() > take;
    partners.truncate(take);
    let with_limits = partners.into_iter().map(|partner| {
        let limits = rate_limits.of(&partner.agreed);
        (partner, limits)
    });
    Ok((with_limits.collect(), has_more))
}

/// Companies by slug, those after `after`; at most `take` of them, and whether there are more.
///
/// # Errors
/// Database errors only.
pub async fn companies(pool: &PgPool, after: &str, take: usize) -> AppResult<(Vec<CompanyRow>, bool)> {
    let mut companies = db::company::list(&mut *pool.acquire().await?, after, limit(take)).await?;
    let has_more = companies.len() > take;
    companies.truncate(take);
    Ok((companies, has_more))
}

/// One more than requested, which shows whether there are more.
fn limit(take: usize) -> i64 {
    i64::try_from(take + 1).unwrap_or(i64::MAX)
}
