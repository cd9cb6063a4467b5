//! Permissions: what a company allows a partner to do.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
pub use db::permission::Granted;
use domain::company::PartnerAccess;
use domain::id::{CompanyId, PartnerId};
use serde_json::Value;
use sqlx::PgPool;

use crate::error::{AppError, AppResult, Noun};
use crate::ops::Operator;

/// The refusal of a partner whose permission does not include bookings.
pub const MAY_NOT_BOOK: AppError = AppError::Forbidden("The company does not allow this partner to book");

/// The refusal of a partner whose permission does not include cancellations.
pub const MAY_NOT_CANCEL: AppError = AppError::Forbidden("The company does not allow this partner to cancel");

/// Sets what a company allows a partner to do; an empty list allows nothing. False when nothing changed.
///
/// # Errors
/// Database errors only.
pub async fn set(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    partner_id: PartnerId,
    accesses: &[PartnerAccess],
) -> AppResult<bool> {
    let mut accesses = accesses.to_vec();
    accesses.sort_unstable();
    accesses.dedup();
    let mut tx = begin(pool).await?;
    let changed = db::permission::set(&mut tx, company_id, partner_id, &accesses, now).await?;
    if changed {
        let words: Value = accesses.iter().map(|access| access.word()).collect();
        let details = [("place", company_id.to_string().into()), ("accesses", words)];
        by.record(&mut tx, now, "permission.changed", &partner_id.to_string(), details)
            .await?;
        db::publication::recheck(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(changed)
}

/// A page of all partners with what a company allows them to do, by slug, and how many partners there are.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, company_id: CompanyId, take: i64, skip: i64) -> AppResult<(Vec<Granted>, i64)> {
    let mut snapshot = db::snapshot(pool).await?;
    let page = db::permission::page(&mut snapshot, company_id, take, skip).await?;
    snapshot.commit().await?;
    Ok(page)
}

/// Sets what a company allows a partner to do, as [`set`], and returns it.
///
/// # Errors
/// Not found, when there is no such partner.
pub async fn grant(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    company_id: CompanyId,
    partner_id: PartnerId,
    accesses: &[PartnerAccess],
) -> AppResult<Granted> {
    let find = async || {
        let found = db::permission::find(&mut *pool.acquire().await?, company_id, partner_id).await?;
        found.ok_or(AppError::NotFound(Noun::Resource))
    };
    // Partners are never deleted, so one that exists now still exists below.
    find().await?;
    set(pool, now, by, company_id, partner_id, accesses).await?;
    find().await
}
