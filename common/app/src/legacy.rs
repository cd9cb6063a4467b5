//! The sunset of the old partner API: which partners may still call it, and which do (contract section 8). Its
//! operations do not belong here: they are the use cases of `/v2`.

use chrono::{DateTime, Days, Utc};
use connect::metrics::waited;
use connect::postgres::begin;
use db::legacy::Calls;
use domain::id::PartnerId;
use domain::legacy::{ClosedBy, Count, Deprecation, Operation, SHOWN_DAYS, Standing, Window};
use sqlx::{PgConnection, PgPool};

use super::Platform;
use super::tally::{Kind, Tally};
use crate::error::{AppError, AppResult};
use crate::metrics;
use crate::ops::Operator;

/// Calls, by partner, operation and day (UTC).
pub struct Calling;

impl Kind for Calling {
    const NAME: &'static str = "legacy calls";
    type Key = db::legacy::Key;
    type Count = Count;

    async fn add(conn: &mut PgConnection, counts: &[(Self::Key, Count)]) -> AppResult<()> {
        db::legacy::add(conn, counts).await
    }
}

/// Calls that this process has counted and not yet written.
pub type LegacyUsage = Tally<Calling>;

impl LegacyUsage {
    /// Counts a call.
    pub fn note(&self, partner_id: PartnerId, operation: Operation, at: DateTime<Utc>) {
        let (key, count) = one(partner_id, operation, at);
        self.count(key, count);
    }
}

fn one(partner_id: PartnerId, operation: Operation, at: DateTime<Utc>) -> (db::legacy::Key, Count) {
    (
        (partner_id, operation, at.date_naive()),
        Count { calls: 1, last_at: at },
    )
}

/// Lets a partner call an operation of the old API, and counts the call.
///
/// # Errors
/// [`AppError::Gone`] when its window is closed.
pub async fn enter(
    platform: &Platform,
    deprecation: &Deprecation,
    usage: &LegacyUsage,
    partner_id: PartnerId,
    operation: Operation,
) -> AppResult<()> {
    let now = platform.clock.now();
    let mut conn = waited(platform.pool.acquire()).await?;
    let window = db::legacy::window(&mut conn, partner_id).await?;
    match deprecation.standing(&window, now) {
        Standing::Open if window.was_quiet(now) => {
            metrics::count_legacy_call();
            db::legacy::add(&mut conn, &[one(partner_id, operation, now)]).await
        }
        Standing::Open => {
            metrics::count_legacy_call();
            usage.note(partner_id, operation, now);
            Ok(())
        }
        Standing::Lapsed => {
            db::legacy::close(&mut conn, partner_id, ClosedBy::Silence, now).await?;
            tracing::info!(%partner_id, "old API closed for a partner that no longer called it");
            Err(CLOSED)
        }
        Standing::Closed => Err(CLOSED),
    }
}

/// The refusal of a partner to whom the old API is closed.
pub const CLOSED: AppError =
    AppError::Gone("The old API is closed for this partner: use /v2 as described in the migration guide");

/// Progress of a partner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its window.
    pub window: Window,
    /// Its status.
    pub standing: Standing,
    /// When it closes if no call arrives, or when it was closed.
    pub closes_at: DateTime<Utc>,
    /// Its calls of the last [`SHOWN_DAYS`] days, oldest first; those of the last second may be missing.
    pub calls: Vec<Calls>,
}

/// How far a partner has migrated from the old API.
///
/// # Errors
/// Database errors only.
pub async fn progress(platform: &Platform, deprecation: &Deprecation, partner_id: PartnerId) -> AppResult<Progress> {
    let now = platform.clock.now();
    let today = now.date_naive();
    let from = today.checked_sub_days(Days::new(SHOWN_DAYS - 1)).unwrap_or(today);
    let mut conn = platform.pool.acquire().await?;
    let window = db::legacy::window(&mut conn, partner_id).await?;
    Ok(Progress {
        window,
        standing: deprecation.standing(&window, now),
        closes_at: window.closed_at.unwrap_or_else(|| deprecation.closes_at(&window)),
        calls: db::legacy::calls(&mut conn, partner_id, from).await?,
    })
}

/// Closes the old API for a partner, by hand; false when it is closed already.
///
/// # Errors
/// Database errors only.
pub async fn close(pool: &PgPool, now: DateTime<Utc>, by: &Operator, partner_id: PartnerId) -> AppResult<bool> {
    let mut tx = begin(pool).await?;
    let closed = db::legacy::close(&mut tx, partner_id, ClosedBy::Administrator, now).await?;
    if closed {
        by.record(&mut tx, now, "legacy.closed", &partner_id.to_string(), [])
            .await?;
    }
    tx.commit().await?;
    Ok(closed)
}

/// Opens the old API for a partner again: its 30 days without a call begin now.
///
/// # Errors
/// Database errors only.
pub async fn open(pool: &PgPool, now: DateTime<Utc>, by: &Operator, partner_id: PartnerId) -> AppResult<()> {
    let mut tx = begin(pool).await?;
    db::legacy::open(&mut tx, partner_id, now).await?;
    by.record(&mut tx, now, "legacy.opened", &partner_id.to_string(), [])
        .await?;
    tx.commit().await?;
    Ok(())
}
