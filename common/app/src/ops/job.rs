//! Actions on jobs, one by one or by filter.
//!
//! The jobs that match a filter are counted first. The caller states the count, and the action is applied only if
//! exactly `count` jobs match. One action changes at most [`MOST`] jobs, the first ones of the list.

use chrono::{DateTime, Utc};
use connect::postgres::begin;
pub use ledger::db::job::JobDetails;
use ledger::handle::{self, Act};
use ledger::id::JobId;
use ledger::inspect::{self, Cursor, ErrorGroup, Filter, JobRow, Page, SCAN, State};
use serde_json::{Value, json};
use sqlx::{PgConnection, PgPool};

use super::Operator;
use crate::error::{AppError, AppResult, Noun};
use crate::work::Work;

/// Maximum number of jobs that one action changes.
pub const MOST: usize = 10_000;

/// Maximum number of pages that are read for a count.
const LOOKS: usize = 20;

/// How many jobs match a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matching {
    /// Their number, [`MOST`] at most.
    pub jobs: usize,
    /// Whether there may be more: the count ended at [`MOST`], or after the maximum number of pages.
    pub may_be_more: bool,
}

/// Name of an action.
#[must_use]
pub const fn name(act: Act) -> &'static str {
    match act {
        Act::Retry => "job.retry",
        Act::Cancel => "job.cancel",
        Act::Discard => "job.discard",
    }
}

/// The states in which jobs allow an action.
#[must_use]
pub const fn allowed(act: Act) -> &'static [State] {
    match act {
        Act::Retry => &[State::Dead, State::Canceled],
        Act::Cancel => &[State::Ready, State::Sent],
        Act::Discard => &[State::Dead],
    }
}

/// Jobs of a filter, `take` at most, after `after` ([`inspect::list`]).
///
/// # Errors
/// Database errors only.
pub async fn list(pool: &PgPool, filter: &Filter, after: Option<Cursor>, take: i64) -> AppResult<Page> {
    Ok(inspect::list(&mut *pool.acquire().await?, filter, after, take).await?)
}

/// The errors of the jobs that match a filter, with the number of jobs each ([`inspect::errors`]).
///
/// # Errors
/// Database errors only.
pub async fn errors(pool: &PgPool, filter: &Filter) -> AppResult<Vec<ErrorGroup>> {
    Ok(inspect::errors(&mut *pool.acquire().await?, filter).await?)
}

/// The last error of each of these jobs, in the form in which they are grouped ([`inspect::patterns`]).
///
/// # Errors
/// Database errors only.
pub async fn patterns(pool: &PgPool, jobs: &[JobRow]) -> AppResult<Vec<String>> {
    Ok(inspect::patterns(&mut *pool.acquire().await?, jobs).await?)
}

/// Everything that is stored about a job.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such job.
pub async fn get(pool: &PgPool, id: JobId) -> AppResult<JobDetails> {
    find(&mut *pool.acquire().await?, id).await
}

/// How many jobs match a filter.
///
/// # Errors
/// Database errors only.
pub async fn count(pool: &PgPool, filter: &Filter) -> AppResult<Matching> {
    Ok(matching(&mut *pool.acquire().await?, filter).await?.1)
}

/// Applies an action to one job, and returns it.
///
/// # Errors
/// [`AppError::NotFound`] when there is no such job, [`AppError::JobConflict`] when its state does not allow it or it
/// is being changed concurrently.
pub async fn act(work: &Work, now: DateTime<Utc>, by: &Operator, act: Act, id: JobId) -> AppResult<JobDetails> {
    let mut tx = work.begin().await?;
    let found = find(&mut tx, id).await?;
    if handle::act(&mut tx, now, act, &[id]).await?.is_empty() {
        return Err(AppError::JobConflict { jobs: 0 });
    }
    let details = [
        ("kind", json!(found.kind)),
        ("state", json!(found.state)),
        ("attempts", json!(found.attempt)),
    ];
    by.record(&mut tx, now, name(act), &id.to_string(), details).await?;
    let now_so = find(&mut tx, id).await?;
    tx.commit().await?;
    Ok(now_so)
}

/// Applies an action to the jobs that match a filter: only if exactly `expected` match ([`count`]), or, without a
/// number, to those that can be changed now. Returns their number.
///
/// # Errors
/// Validation of the filter's state; [`AppError::JobConflict`] with their number if it is not the expected one, or if
/// some of as many jobs are being changed concurrently.
pub async fn act_on_all(
    work: &Work,
    now: DateTime<Utc>,
    by: &Operator,
    act: Act,
    filter: &Filter,
    expected: Option<usize>,
) -> AppResult<usize> {
    if !allowed(act).contains(&filter.state) {
        let states: Vec<&str> = allowed(act).iter().map(|state| state.name()).collect();
        let message = format!("must be {} for this act", states.join(" or "));
        return Err(AppError::field("state", "enum", message));
    }
    let mut tx = work.begin().await?;
    let (ids, matching) = matching(&mut tx, filter).await?;
    let is_expected = |jobs: usize| expected.is_none_or(|expected| expected == jobs);
    if !is_expected(matching.jobs) {
        return Err(AppError::JobConflict { jobs: matching.jobs });
    }
    let changed = handle::act(&mut tx, now, act, &ids).await?;
    let jobs = changed.len();
    if !is_expected(jobs) {
        return Err(AppError::JobConflict { jobs });
    }
    if jobs > 0 {
        let details = [("jobs", json!(jobs)), ("filter", described(filter))];
        by.record_on_jobs(&mut tx, now, name(act), (&subject(filter), &changed), details)
            .await?;
    }
    tx.commit().await?;
    Ok(jobs)
}

/// Discards at most `limit` jobs that have been dead since before an instant, the longest dead first. Returns their
/// number.
///
/// # Errors
/// Database errors only.
pub(crate) async fn discard_forgotten(
    pool: &PgPool,
    now: DateTime<Utc>,
    by: &Operator,
    before: DateTime<Utc>,
    limit: i64,
) -> AppResult<usize> {
    let mut tx = begin(pool).await?;
    let ids = ledger::db::handling::dead_before(&mut tx, before, limit).await?;
    let discarded = handle::act(&mut tx, now, Act::Discard, &ids).await?;
    let jobs = discarded.len();
    if jobs > 0 {
        let details = [("jobs", json!(jobs)), ("before", json!(before))];
        by.record_on_jobs(&mut tx, now, name(Act::Discard), ("dead jobs", &discarded), details)
            .await?;
    }
    tx.commit().await?;
    Ok(jobs)
}

async fn find(conn: &mut PgConnection, id: JobId) -> AppResult<JobDetails> {
    let found = ledger::db::job::find(conn, id).await?;
    found.ok_or(AppError::NotFound(Noun::Job))
}

/// The jobs that match a filter.
async fn matching(conn: &mut PgConnection, filter: &Filter) -> AppResult<(Vec<JobId>, Matching)> {
    let mut ids: Vec<JobId> = Vec::new();
    let mut next: Option<Cursor> = None;
    for _ in 0..LOOKS {
        let page = inspect::list(conn, filter, next, SCAN).await?;
        ids.extend(page.jobs.iter().map(|job| job.id));
        next = page.next;
        if next.is_none() || ids.len() >= MOST {
            break;
        }
    }
    let may_be_more = next.is_some() || ids.len() > MOST;
    ids.truncate(MOST);
    let jobs = ids.len();
    Ok((ids, Matching { jobs, may_be_more }))
}

/// A filter as the subject of an entry: its queue if it has one, and its state.
fn subject(filter: &Filter) -> String {
    match filter.queues.as_slice() {
        [only] => format!("{} jobs of {}", filter.state, only.name()),
        _ => format!("{} jobs", filter.state),
    }
}

fn described(filter: &Filter) -> Value {
    let queues: Vec<&str> = filter.queues.iter().map(|queue| queue.name()).collect();
    json!({
        "state": filter.state.name(), "queues": queues, "kind": filter.kind, "error": filter.error,
        "before": filter.before,
    })
}
