//! The old partner API on its way out: who may still call it, and who does (contract section 8). What its operations
//! do is not here: they are the verbs of `/v2`.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::{PgConnection, PgPool};
use tokio_util::sync::CancellationToken;

use super::Platform;
use crate::db;
use crate::db::legacy::Calls;
use crate::domain::legacy::{ClosedBy, Deprecation, Operation, SHOWN_DAYS, Standing, Window};
use crate::error::{AppError, AppResult, chain};
use crate::id::PartnerId;

/// How often counts are written: what a kill can lose.
const PERIOD: Duration = Duration::from_secs(1);

/// Rows of one statement.
const BATCH: usize = 1_000;

type Key = (PartnerId, Operation, NaiveDate);

/// Calls that are counted and not yet written: a call costs a look into memory. One per process; all replicas add to
/// the same rows. A process that is killed loses the calls of its last second; one that ends in order loses none.
#[derive(Debug, Default)]
pub struct Usage {
    pending: Mutex<HashMap<Key, (i64, DateTime<Utc>)>>,
}

impl Usage {
    /// Counts a call.
    pub fn note(&self, partner_id: PartnerId, operation: Operation, at: DateTime<Utc>) {
        self.merge([one(partner_id, operation, at)]);
    }

    fn merge(&self, counts: impl IntoIterator<Item = Calls>) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        for new in counts {
            let key = (new.partner_id, new.operation, new.day);
            let (calls, last_at) = pending.entry(key).or_insert((0, new.last_at));
            *calls += new.calls;
            *last_at = (*last_at).max(new.last_at);
        }
    }

    /// Writes what was counted. What could not be written stays counted, for the next time.
    ///
    /// # Errors
    /// Database errors only. When the answer to a commit gets lost, calls may be counted twice, never lost.
    pub async fn flush(&self, pool: &PgPool) -> AppResult<()> {
        let taken = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        let counts: Vec<Calls> = taken
            .into_iter()
            .map(|((partner_id, operation, day), (calls, last_at))| Calls {
                partner_id,
                operation,
                day,
                calls,
                last_at,
            })
            .collect();
        let mut unwritten = Unwritten { usage: self, counts };
        while !unwritten.counts.is_empty() {
            let rest = unwritten.counts.len().saturating_sub(BATCH);
            db::legacy::add(&mut *pool.acquire().await?, &unwritten.counts[rest..]).await?;
            unwritten.counts.truncate(rest);
        }
        Ok(())
    }

    /// Writes counts once a second until `shutdown`; the last ones are for the caller to write, after its last request.
    pub async fn keep(&self, pool: &PgPool, shutdown: CancellationToken) {
        let mut failing = false;
        while shutdown.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_some() {
            let outcome = self.flush(pool).await;
            if let (Err(error), false) = (&outcome, failing) {
                tracing::warn!(
                    error = chain(error),
                    "legacy calls could not be written; they stay counted"
                );
            }
            failing = outcome.is_err();
        }
    }
}

/// Counts that go back to where they were when they could not be written, or when the writing was given up.
struct Unwritten<'a> {
    usage: &'a Usage,
    counts: Vec<Calls>,
}

impl Drop for Unwritten<'_> {
    fn drop(&mut self) {
        self.usage.merge(self.counts.drain(..));
    }
}

fn one(partner_id: PartnerId, operation: Operation, at: DateTime<Utc>) -> Calls {
    Calls {
        partner_id,
        operation,
        day: at.date_naive(),
        calls: 1,
        last_at: at,
    }
}

/// Lets a partner call an operation of the old API, and counts the call.
///
/// # Errors
/// [`AppError::Gone`] when its window is closed.
pub async fn enter(
    platform: &Platform,
    deprecation: &Deprecation,
    usage: &Usage,
    partner_id: PartnerId,
    operation: Operation,
) -> AppResult<()> {
    let now = platform.clock.now();
    let mut conn = platform.pool.acquire().await?;
    let window = db::legacy::window(&mut conn, partner_id).await?;
    match deprecation.standing(&window, now) {
        Standing::Open if window.was_quiet(now) => db::legacy::add(&mut conn, &[one(partner_id, operation, now)]).await,
        Standing::Open => {
            usage.note(partner_id, operation, now);
            Ok(())
        }
        Standing::Lapsed => {
            db::legacy::close(&mut conn, partner_id, ClosedBy::Silence, now).await?;
            tracing::info!(%partner_id, "the old API is closed for a partner that no longer called it");
            Err(GONE)
        }
        Standing::Closed => Err(GONE),
    }
}

const GONE: AppError = AppError::Gone("The old API is closed for this partner: use /v2, the guide says how");

/// How far a partner has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its window.
    pub window: Window,
    /// Where it stands.
    pub standing: Standing,
    /// When it closes if no call comes, or was closed.
    pub closes_at: DateTime<Utc>,
    /// Its calls of the last [`SHOWN_DAYS`] days, oldest first; those of the last second may be missing.
    pub calls: Vec<Calls>,
}

/// How far a partner has come with leaving the old API.
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
pub async fn close(conn: &mut PgConnection, partner_id: PartnerId, now: DateTime<Utc>) -> AppResult<bool> {
    db::legacy::close(conn, partner_id, ClosedBy::Administrator, now).await
}

/// Opens the old API for a partner again: its 30 days without a call begin now.
///
/// # Errors
/// Database errors only.
pub async fn open(conn: &mut PgConnection, partner_id: PartnerId, now: DateTime<Utc>) -> AppResult<()> {
    db::legacy::open(conn, partner_id, now).await
}
