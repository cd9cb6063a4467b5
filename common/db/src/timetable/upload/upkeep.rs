//! Uploads whose job ended without completing them, and archives to remove.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, TimetableUploadId};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Fails uploads whose job is dead, canceled or gone, a bounded number of them. Returns their ids.
///
/// # Errors
/// Database errors only.
pub async fn fail_abandoned(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Vec<TimetableUploadId>> {
    Ok(sqlx::query_scalar!(
        r#"with abandoned as (
               select u.id, j.state is not distinct from 'canceled' as is_canceled
               from timetable_uploads u left join jobs j on j.dedupe_key = u.job_key
               where u.status in ('Checking', 'Publishing')
                   and (j.id is null or j.state in ('dead', 'done', 'canceled'))
               order by u.id limit 100
               for update of u skip locked
           )
           update timetable_uploads u
           set status = 'Failed', phase = 'Done', ended_at = $1,
               error_message = case
                   when is_canceled then 'An operator of the platform canceled the work on the timetable'
                   else coalesce(u.error_message,
                       'The timetable could not be processed: the process that worked on it ended repeatedly') end,
               error_clauses = case
                   when is_canceled then '[{"code": "JOB_CANCELED", "values": {}}]'
                   when u.error_message is null then '[{"code": "WORKER_ENDED", "values": {}}]'
                   else u.error_clauses end
           from abandoned where u.id = abandoned.id
           returning u.id as "id: TimetableUploadId""#,
        now,
    )
    .fetch_all(conn)
    .await?)
}

/// A bounded number of uploads whose archives can be removed: old ones, and ones that were never received.
///
/// # Errors
/// Database errors only.
pub async fn removable(
    conn: &mut PgConnection,
    created_before: DateTime<Utc>,
    begun_before: DateTime<Utc>,
    limit: i64,
) -> AppResult<Vec<(CompanyId, TimetableUploadId)>> {
    let rows = sqlx::query!(
        r#"select company_id as "company_id: CompanyId", id as "id: TimetableUploadId" from timetable_uploads
           where removed_at is null and kind = 'Upload'
               and (created_at < $1 and status not in ('Checking', 'Publishing')
                    or created_at < $2 and status = 'Receiving')
           order by created_at limit $3"#,
        created_before,
        begun_before,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.company_id, row.id)).collect())
}

/// Locks an upload that was not received yet, waiting for a transaction that is about to record it as received. False
/// when it was received, or does not exist.
///
/// # Errors
/// Database errors only.
pub async fn lock_unreceived(conn: &mut PgConnection, id: TimetableUploadId) -> AppResult<bool> {
    let row = sqlx::query_scalar!(
        "select id from timetable_uploads where id = $1 and status = 'Receiving' for update",
        id as TimetableUploadId,
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Records that the archives of these uploads were removed. Those that were never received are deleted.
///
/// # Errors
/// Database errors only.
pub async fn note_removed(conn: &mut PgConnection, ids: &[TimetableUploadId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    sqlx::query!(
        "with deleted as (
             delete from timetable_uploads where id = any($1) and status = 'Receiving'
         )
         update timetable_uploads set removed_at = $2
         where id = any($1) and status <> 'Receiving' and removed_at is null",
        &ids,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}
