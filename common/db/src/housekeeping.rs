//! Deletion of obsolete rows. Each statement deletes a bounded batch, found by index, and skips locked rows: several of
//! these may run at once.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use crate::error::AppResult;

/// How long the canceled job of a message that was not sent is kept at least. A message that is younger has a job.
pub const UNSENT_RETENTION: TimeDelta = TimeDelta::days(90);

/// Deletes at most `limit` sessions that expired or were ended before an instant; returns how many.
///
/// # Errors
/// Database errors only.
pub async fn delete_ended_sessions(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> AppResult<u64> {
    let deleted = sqlx::query!(
        "with expired as (
             select id from sessions where expires_at < $1 order by expires_at limit $2 for update skip locked
         ), revoked as (
             select id from sessions where revoked_at < $1 order by revoked_at limit $2 for update skip locked
         )
         delete from sessions where id = any(array(
             select id from expired union select id from revoked limit $2
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Deletes at most `limit` invitations that expired before an instant, the oldest first; returns how many.
///
/// # Errors
/// Database errors only.
pub async fn delete_invitations(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> AppResult<u64> {
    let deleted = sqlx::query!(
        "delete from invitations where id = any(array(
             select id from invitations where expires_at < $1 order by expires_at limit $2 for update skip locked
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Deletes at most `limit` jobs of the queue `geo` that a program of the previous release finished before an instant,
/// the oldest first; returns how many.
///
/// # Errors
/// Database errors only.
pub async fn delete_done_geo_jobs(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> AppResult<u64> {
    // The name of the queue is in the text, not an argument: that is how `jobs_geo_done_idx` is found.
    let deleted = sqlx::query!(
        "delete from jobs where id = any(array(
             select id from jobs where state = 'done' and queue = 'geo' and finished_at < $1
             order by finished_at limit $2 for update skip locked
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Deletes at most `limit` jobs that a program of the previous release finished before an instant, the oldest first;
/// returns how many. Jobs in other states stay, regardless of their age: dead jobs wait for an operator, and are then
/// discarded.
///
/// # Errors
/// Database errors only.
pub async fn delete_done_jobs(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> AppResult<u64> {
    let deleted = sqlx::query!(
        "delete from jobs where id = any(array(
             select id from jobs where state = 'done' and finished_at < $1
             order by finished_at limit $2 for update skip locked
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Deletes at most `limit` jobs that were canceled before an instant, the oldest first; returns how many. The job of a
/// message that was not sent stays: it says why there is no message, and can be retried. For its end see
/// [`delete_jobs_of_unsent`].
///
/// # Errors
/// Database errors only.
pub async fn delete_canceled_jobs(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> AppResult<u64> {
    let deleted = sqlx::query!(
        "delete from jobs where id = any(array(
             select id from jobs
             where state = 'canceled' and finished_at < $1 and not exists (
                 select from notifications n
                 where n.id = case when dedupe_key ~ '^ntf_[0-9a-f]{32}$' then substr(dedupe_key, 5)::uuid end
                   and n.state <> 'sent')
             order by finished_at limit $2 for update skip locked
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Deletes at most `limit` jobs that were canceled before an instant, the oldest first, whether or not their messages
/// were sent; returns how many. The instant must be at least [`UNSENT_RETENTION`] ago.
///
/// # Errors
/// Database errors only.
pub async fn delete_jobs_of_unsent(conn: &mut PgConnection, before: DateTime<Utc>, limit: i64) -> AppResult<u64> {
    let deleted = sqlx::query!(
        "delete from jobs where id = any(array(
             select id from jobs where state = 'canceled' and finished_at < $1
             order by finished_at limit $2 for update skip locked
         ))",
        before,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}

/// Deletes at most `limit` responses that were stored for idempotency keys until an instant, the oldest first; returns
/// how many.
///
/// # Errors
/// Database errors only.
pub async fn delete_answers(conn: &mut PgConnection, until: DateTime<Utc>, limit: i64) -> AppResult<u64> {
    let deleted = sqlx::query!(
        "delete from idempotency_keys where ctid = any(array(
             select ctid from idempotency_keys where created_at <= $1
             order by created_at limit $2 for update skip locked
         ))",
        until,
        limit,
    )
    .execute(conn)
    .await?;
    Ok(deleted.rows_affected())
}
