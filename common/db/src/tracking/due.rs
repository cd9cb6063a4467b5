//! Accounts that are due for a poll or a sync, as the scheduler finds them.

use chrono::{DateTime, Utc};
use domain::id::TrackingAccountId;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// An account that is due, locked until the transaction ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// The account.
    pub id: TrackingAccountId,
    /// Since when.
    pub due_at: DateTime<Utc>,
    /// Seconds between two polls.
    pub poll_seconds: i32,
}

/// What the scheduler has written for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The account.
    pub id: TrackingAccountId,
    /// Dedupe key of the job.
    pub job_key: String,
    /// When the next is due.
    pub next_at: DateTime<Utc>,
}

/// Locks accounts with an enabled tracker that are due for a poll and have none pending or running; the longest due
/// first. Those that another scheduler has locked are skipped. Accounts due after `horizon` count as due too, since no
/// valid time is that late.
///
/// # Errors
/// Database errors only.
pub async fn lock_polls(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    horizon: DateTime<Utc>,
    limit: i64,
) -> AppResult<Vec<Due>> {
    Ok(sqlx::query_as!(
        Due,
        r#"select id as "id: TrackingAccountId", next_poll_at as due_at, poll_seconds
           from tracking_accounts a
           where (next_poll_at <= $1 or next_poll_at > $3)
             and exists (select from trackers o where o.account_id = a.id and o.enabled)
             and not exists (
                 select from jobs where dedupe_key = a.poll_job_key and state in ('ready', 'sent', 'running')
             )
           order by next_poll_at limit $2 for update of a skip locked"#,
        now,
        limit,
        horizon,
    )
    .fetch_all(conn)
    .await?)
}

/// As [`lock_polls`], for syncs; whether anything is enabled does not matter.
///
/// # Errors
/// Database errors only.
pub async fn lock_syncs(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    horizon: DateTime<Utc>,
    limit: i64,
) -> AppResult<Vec<Due>> {
    Ok(sqlx::query_as!(
        Due,
        r#"select id as "id: TrackingAccountId", next_sync_at as due_at, poll_seconds
           from tracking_accounts a
           where (next_sync_at <= $1 or next_sync_at > $3)
             and not exists (
                 select from jobs where dedupe_key = a.sync_job_key and state in ('ready', 'sent', 'running')
             )
           order by next_sync_at limit $2 for update of a skip locked"#,
        now,
        limit,
        horizon,
    )
    .fetch_all(conn)
    .await?)
}

fn columns(written: &[Written]) -> (Vec<Uuid>, Vec<String>, Vec<DateTime<Utc>>) {
    (
        written.iter().map(|w| w.id.0).collect(),
        written.iter().map(|w| w.job_key.clone()).collect(),
        written.iter().map(|w| w.next_at).collect(),
    )
}

/// Records the polls that were written for locked accounts.
///
/// # Errors
/// Database errors only.
pub async fn set_polls(conn: &mut PgConnection, written: &[Written]) -> AppResult<()> {
    if written.is_empty() {
        return Ok(());
    }
    let (ids, keys, next) = columns(written);
    sqlx::query!(
        "update tracking_accounts a
         set poll_job_key = w.job_key, next_poll_at = w.next_at, poll_begun = false, poll_again = false
         from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as w (id, job_key, next_at)
         where a.id = w.id",
        &ids,
        &keys,
        &next,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Records the syncs that were written for locked accounts.
///
/// # Errors
/// Database errors only.
pub async fn set_syncs(conn: &mut PgConnection, written: &[Written]) -> AppResult<()> {
    if written.is_empty() {
        return Ok(());
    }
    let (ids, keys, next) = columns(written);
    sqlx::query!(
        "update tracking_accounts a set sync_job_key = w.job_key, next_sync_at = w.next_at
         from unnest($1::uuid[], $2::text[], $3::timestamptz[]) as w (id, job_key, next_at)
         where a.id = w.id",
        &ids,
        &keys,
        &next,
    )
    .execute(conn)
    .await?;
    Ok(())
}
