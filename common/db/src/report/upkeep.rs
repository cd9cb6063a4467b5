//! Abandoned reports, and files to remove.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, ReportId};
use ledger::Cause;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

/// Reports whose job is dead, canceled or gone, a bounded number of them, with their companies.
///
/// # Errors
/// Database errors only.
pub async fn abandoned(conn: &mut PgConnection) -> AppResult<Vec<(CompanyId, ReportId)>> {
    let rows = sqlx::query!(
        r#"select r.company_id as "company_id: CompanyId", r.id as "id: ReportId"
           from reports r
           left join jobs j on j.dedupe_key = 'report:rpt_' || replace(r.id::text, '-', '')
           where r.status in ('Pending', 'Processing') and r.admitted_at is not null
               and (j.id is null or j.state in ('dead', 'done', 'canceled'))
           order by r.id limit 100"#
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.company_id, row.id)).collect())
}

/// Locks companies as [`super::lock`] does, in the order of their ids.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, companies: &[CompanyId]) -> AppResult<()> {
    let companies: Vec<Uuid> = companies.iter().map(|id| id.0).collect();
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('reports of ' || id::text, 0))
         from (select distinct id from unnest($1::uuid[]) as c (id) order by id) as companies",
        &companies,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Fails those of the named reports that are still abandoned, and admits as many of the same companies that have waited
/// longest. Returns what failed and what was admitted.
///
/// # Errors
/// Database errors only.
pub async fn fail_abandoned(
    conn: &mut PgConnection,
    reports: &[ReportId],
    now: DateTime<Utc>,
) -> AppResult<(Vec<ReportId>, Vec<(ReportId, Cause)>)> {
    let ids: Vec<Uuid> = reports.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"with failed as (
               update reports r
               set status = 'Failed', ended_at = $2,
                   error_message = coalesce(r.error_message, case
                       when exists (
                           select from jobs j
                           where j.dedupe_key = 'report:rpt_' || replace(r.id::text, '-', '') and j.state = 'dead'
                       ) then 'The report could not be made: the process that made it ended repeatedly'
                       else 'The report was canceled by an operator' end)
               where r.id = any($1) and r.status in ('Pending', 'Processing') and r.admitted_at is not null
                   and not exists (
                       select from jobs j
                       where j.dedupe_key = 'report:rpt_' || replace(r.id::text, '-', '')
                           and j.state not in ('dead', 'done', 'canceled')
                   )
               returning r.id, r.company_id
           ), places as (
               select company_id, count(*) as places from failed group by company_id
           ), waiting as (
               select w.id, row_number() over (partition by w.company_id order by w.id) as place, places.places
               from places join reports w on w.company_id = places.company_id
               where w.status in ('Pending', 'Processing') and w.admitted_at is null
           ), admitted as (
               update reports r set admitted_at = $2
               from waiting where r.id = waiting.id and waiting.place <= waiting.places
               returning r.id, r.request_id, r.trace_id, r.traceparent
           )
           select id as "id!: ReportId", true as "failed!", null as request_id, null as trace_id,
                  null as traceparent
           from failed
           union all
           select id, false, request_id, trace_id, traceparent from admitted"#,
        &ids,
        now,
    )
    .fetch_all(conn)
    .await?;
    let (failed, admitted): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.failed);
    Ok((
        failed.into_iter().map(|row| row.id).collect(),
        admitted
            .into_iter()
            .map(|row| {
                let cause = Cause::stored(row.request_id, row.trace_id, row.traceparent.as_deref());
                (row.id, cause)
            })
            .collect(),
    ))
}

/// A bounded number of reports whose files and remains can be removed: complete ones that ended before
/// `completed_before`, failed ones that ended before `failed_before`.
///
/// # Errors
/// Database errors only.
pub async fn removable(
    conn: &mut PgConnection,
    completed_before: DateTime<Utc>,
    failed_before: DateTime<Utc>,
    limit: i64,
) -> AppResult<Vec<(CompanyId, ReportId)>> {
    let rows = sqlx::query!(
        r#"(select company_id as "company_id!: CompanyId", id as "id!: ReportId" from reports
            where status = 'Completed' and ended_at is not null and ended_at < $1 and removed_at is null
                and attempt > 0
            order by ended_at limit $3)
           union all
           (select company_id, id from reports
            where status = 'Failed' and ended_at is not null and ended_at < $2 and removed_at is null and attempt > 0
            order by ended_at limit $3)
           limit $3"#,
        completed_before,
        failed_before,
        limit,
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.company_id, row.id)).collect())
}

/// Records that everything of these reports was removed.
///
/// # Errors
/// Database errors only.
pub async fn note_removed(conn: &mut PgConnection, reports: &[ReportId], now: DateTime<Utc>) -> AppResult<()> {
    let ids: Vec<Uuid> = reports.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update reports set removed_at = $2 where id = any($1) and removed_at is null",
        &ids,
        now
    )
    .execute(conn)
    .await?;
    Ok(())
}
