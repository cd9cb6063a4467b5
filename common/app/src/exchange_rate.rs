//! Exchange rates.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
use domain::money::Currency;
use rust_decimal::Decimal;
use sqlx::PgPool;

use crate::error::{AppError, AppResult};
use crate::ops::Operator;

/// A rate: one unit of `base` costs `rate` units of `quote`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Base currency.
    pub base: Currency,
    /// Quote currency.
    pub quote: Currency,
    /// Price of one unit of the base currency.
    pub rate: Decimal,
}

/// Stores rates; returns how many were new or different.
///
/// # Errors
/// When a rate is not above zero, has more than ten decimals or is between a currency and itself.
pub async fn set(pool: &PgPool, now: DateTime<Utc>, by: &Operator, rates: &[Rate]) -> AppResult<usize> {
    store(pool, (now, by), rates, true).await
}

/// As [`set`], but an existing rate stays.
///
/// # Errors
/// As [`set`].
pub async fn set_missing(pool: &PgPool, now: DateTime<Utc>, by: &Operator, rates: &[Rate]) -> AppResult<usize> {
    store(pool, (now, by), rates, false).await
}

async fn store(
    pool: &PgPool,
    (now, by): (DateTime<Utc>, &Operator),
    rates: &[Rate],
    overwrite: bool,
) -> AppResult<usize> {
    let limit = Decimal::from(1_000_000_000);
    if rates
        .iter()
        .any(|r| r.rate <= Decimal::ZERO || r.rate > limit || r.rate.normalize().scale() > 10)
    {
        return Err(AppError::field(
            "rate",
            "range",
            "must be above 0, with at most ten decimals",
        ));
    }
    if rates.iter().any(|r| r.base == r.quote) {
        return Err(AppError::field(
            "quote",
            "different",
            "must differ from the base currency",
        ));
    }
    let mut tx = begin(pool).await?;
    let mut changed = 0;
    // At most one row per pair of our five currencies.
    for Rate { base, quote, rate } in rates {
        if db::exchange_rate::set(&mut tx, *base, *quote, *rate, overwrite, now).await? {
            changed += 1;
            let pair = format!("{}/{}", base.code(), quote.code());
            let details = [("rate", rate.normalize().to_string().into())];
            by.record(&mut tx, now, "rate.changed", &pair, details).await?;
        }
    }
    if changed > 0 {
        db::publication::bump(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(changed)
}
