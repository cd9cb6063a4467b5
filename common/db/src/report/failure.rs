//! Scheduled reports whose latest run failed for good: their recipients hear nothing, or not what they wait for.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, ReportScheduleId};
use domain::report::schedule::RunFailure;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// At what.
    pub reason: RunFailure,
    /// What the report says about it, if it was asked for and given up.
    pub message: Option<String>,
}

/// The schedules of a company whose latest run failed for good, with the reason. A job that is dead or canceled does not
/// run any more unless somebody retries it; then its run has not failed.
///
/// # Errors
/// Database errors only.
pub async fn of_company(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Vec<(ReportScheduleId, Failure)>> {
    let rows = sqlx::query!(
        r#"select s.id as "id: ReportScheduleId", f.reason as "reason!: RunFailure",
                  case when f.reason = 'NotMade' then r.error_message end as message
           from report_schedules s
           cross join lateral (
               select id, report_id from report_runs where schedule_id = s.id order by due_at desc limit 1
           ) run
           left join reports r on r.id = run.report_id
           cross join lateral (
               select case
                   when r.status = 'Failed' then 'NotMade'
                   when run.report_id is null and not exists (
                       select from jobs j
                       where j.dedupe_key = 'report_start:rpr_' || replace(run.id::text, '-', '')
                         and j.state not in ('dead', 'done', 'canceled')
                   ) then 'NotRequested'
                   when exists (
                       select from jobs j
                       where j.dedupe_key = 'report_delivery:rpr_' || replace(run.id::text, '-', '')
                         and j.state in ('dead', 'canceled')
                   ) or exists (
                       select from report_mails m
                       join jobs j on j.dedupe_key = 'report_mail:rpm_' || replace(m.id::text, '-', '')
                       where m.run_id = run.id and m.sent_at is null and j.state in ('dead', 'canceled')
                   ) then 'NotMailed'
               end as reason
           ) f
           where s.company_id = $1 and f.reason is not null
           order by s.id"#,
        company_id as CompanyId,
    )
    .fetch_all(conn)
    .await?;
    let failure = |reason, message| Failure { reason, message };
    Ok(rows
        .into_iter()
        .map(|row| (row.id, failure(row.reason, row.message)))
        .collect())
}

/// How many enabled schedules of a company were due since then and failed for good.
///
/// # Errors
/// Database errors only.
pub async fn count(conn: &mut PgConnection, company_id: CompanyId, since: DateTime<Utc>) -> AppResult<i64> {
    let failed: Vec<_> = of_company(conn, company_id)
        .await?
        .into_iter()
        .map(|(id, _)| id.0)
        .collect();
    if failed.is_empty() {
        return Ok(0);
    }
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from report_schedules s
           where s.id = any($1) and s.enabled
             and exists (select from report_runs run where run.schedule_id = s.id and run.due_at >= $2)"#,
        &failed,
        since,
    )
    .fetch_one(conn)
    .await?)
}
