//! What partners do with the API: counted in memory by the verbs and the API, written about once a second.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use super::Platform;
use super::tally::Tally;
use crate::db;
use crate::domain::usage::{Counts, Period};
use crate::error::{AppError, AppResult, chain};
use crate::id::PartnerId;

/// How often counts are written: what a kill can lose.
const PERIOD: Duration = Duration::from_secs(1);

/// Rows of one statement.
const BATCH: usize = 1_000;

/// What this process has counted and not yet written.
#[derive(Debug, Default)]
pub struct Usage {
    tally: Tally<db::usage::Key, Counts>,
}

impl Usage {
    /// Counts what a partner did.
    pub fn note(&self, partner_id: PartnerId, at: DateTime<Utc>, counts: Counts) {
        self.tally.note((partner_id, at.date_naive()), counts);
    }

    /// Writes what was counted. What could not be written stays counted, for the next time.
    ///
    /// # Errors
    /// Database errors only. When the answer to a commit gets lost, something may be counted twice, never lost.
    pub async fn flush(&self, pool: &PgPool) -> AppResult<()> {
        let mut taken = self.tally.take();
        loop {
            let batch = taken.next(BATCH);
            if batch.is_empty() {
                return Ok(());
            }
            db::usage::add(&mut *pool.acquire().await?, batch).await?;
            let written = batch.len();
            taken.written(written);
        }
    }

    /// Writes counts until `shutdown`; the last ones are for the caller to write, after its last request.
    pub async fn keep(&self, pool: &PgPool, shutdown: CancellationToken) {
        let mut failing = false;
        while shutdown.run_until_cancelled(tokio::time::sleep(PERIOD)).await.is_some() {
            let outcome = self.flush(pool).await;
            if let (Err(error), false) = (&outcome, failing) {
                tracing::warn!(error = chain(error), "usage could not be written; it stays counted");
            }
            failing = outcome.is_err();
        }
    }
}

/// What a partner did in a period, as far as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Of which days.
    pub period: Period,
    /// All days together.
    pub total: Counts,
    /// Every day of the period, also those on which nothing was done.
    pub days: Vec<(NaiveDate, Counts)>,
}

/// What a partner did on the days from `from` to `to`, at most the last 90; all of them unless it is said.
///
/// # Errors
/// Validation, naming the end that is out of bounds.
pub async fn report(
    platform: &Platform,
    partner_id: PartnerId,
    from: Option<NaiveDate>,
    to: Option<NaiveDate>,
) -> AppResult<Report> {
    let today = platform.clock.now().date_naive();
    let period = Period::new(from, to, today).map_err(AppError::Validation)?;
    let mut conn = platform.pool.acquire().await?;
    let known = db::usage::of_partner(&mut conn, partner_id, period).await?;
    let mut known = known.into_iter().peekable();
    let mut total = Counts::default();
    let days = period.days().map(|day| {
        let counts = known.next_if(|(known, _)| *known == day).map(|(_, counts)| counts);
        let counts = counts.unwrap_or_default();
        total += counts;
        (day, counts)
    });
    let days = days.collect();
    Ok(Report { period, total, days })
}
