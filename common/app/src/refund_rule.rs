//! Refund tiers of companies.

use domain::id::CompanyId;
use domain::refund_rule::{RefundRule, RefundTier};
use sqlx::PgPool;

use crate::error::{AppError, AppResult};

/// Makes these the tiers of a company; none means that nothing comes back after the grace. False when they were so
/// already: then they keep their ids.
///
/// # Errors
/// When two tiers begin at the same hour.
pub async fn set(pool: &PgPool, company_id: CompanyId, tiers: &[RefundTier]) -> AppResult<bool> {
    store(pool, company_id, tiers, true).await
}

/// As [`set`], but a company that has tiers keeps them.
///
/// # Errors
/// As [`set`].
pub async fn set_missing(pool: &PgPool, company_id: CompanyId, tiers: &[RefundTier]) -> AppResult<bool> {
    store(pool, company_id, tiers, false).await
}

/// The refund rules of a company, by hours descending.
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, company_id: CompanyId) -> AppResult<Vec<RefundRule>> {
    let mut rules = db::refund_rule::of_companies(&mut *pool.acquire().await?, &[company_id]).await?;
    Ok(rules.remove(&company_id).unwrap_or_default())
}

async fn store(pool: &PgPool, company_id: CompanyId, tiers: &[RefundTier], overwrite: bool) -> AppResult<bool> {
    let mut tiers = tiers.to_vec();
    tiers.sort_by_key(|tier| std::cmp::Reverse(tier.hours));
    if let Some(pair) = tiers.windows(2).find(|pair| pair[0].hours == pair[1].hours) {
        return Err(AppError::field(
            "rules",
            "unique",
            format!("{}h is given twice", pair[0].hours),
        ));
    }
    let mut tx = pool.begin().await?;
    // Two who change them at once take turns.
    db::company::lock(&mut tx, company_id).await?;
    let stored = db::refund_rule::of_company(&mut tx, company_id).await?;
    if stored == tiers || !(overwrite || stored.is_empty()) {
        return Ok(false);
    }
    db::refund_rule::replace(&mut tx, company_id, &tiers).await?;
    tx.commit().await?;
    Ok(true)
}
