//! Exchange rates.

use chrono::{DateTime, Utc};
use domain::money::Currency;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Stores the price of one unit of `base` in `quote`; replaces an existing rate only if `overwrite` is set. False when
/// nothing changed.
///
/// # Errors
/// Database errors only.
pub async fn set(
    conn: &mut PgConnection,
    base: Currency,
    quote: Currency,
    rate: Decimal,
    overwrite: bool,
    now: DateTime<Utc>,
) -> AppResult<bool> {
    let done = sqlx::query!(
        "insert into exchange_rates (base, quote, rate, updated_at) values ($1, $2, $3, $4)
         on conflict (base, quote) do update set rate = excluded.rate, updated_at = excluded.updated_at
             where exchange_rates.rate <> excluded.rate and $5",
        base.code(),
        quote.code(),
        rate,
        now,
        overwrite,
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
