//! Scheduled reports whose latest run failed permanently: their recipients get no mail, or not the expected one.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, ReportScheduleId};
use domain::report::schedule::RunFailure;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The step that failed.
    pub reason: RunFailure,
    /// The error message of the report, if it was requested and given up.
    pub message: Option<String>,
}

/// A schedule whose latest run failed permanently.
#[derive(Debug)]
struct Failed {
    schedule_id: ReportScheduleId,
    enabled: bool,
    due_at: DateTime<Utc>,
    failure: Failure,
}

/// The schedules of a company whose latest run failed permanently, with the reason.
///
/// # Errors
/// Database errors only.
pub async fn of_company(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Vec<(ReportScheduleId, Failure)>> {
    let failed = read(conn, company_id).await?.into_iter();
    Ok(failed.map(|one| (one.schedule_id, one.failure)).collect())
}

/// How many enabled schedules of a company were due since then and failed permanently.
///
/// # Errors
/// Database errors only.
pub async fn count(conn: &mut PgConnection, company_id: CompanyId, since: DateTime<Utc>) -> AppResult<i64> {
    let failed = read(conn, company_id).await?.into_iter();
    let counted = failed.filter(|one| one.enabled && one.due_at >= since).count();
    Ok(i64::try_from(counted).unwrap_or(i64::MAX))
}

/// A job that is dead or canceled does not run again unless it is retried; once it is, its run has not failed.
async fn read(conn: &mut PgConnection, company_id: CompanyId) -> AppResult<Vec<Failed>> {
    let rows = sqlx::query!(
        r#"select s.id as "id: ReportScheduleId", s.enabled, run.due_at, f.reason as "reason!: RunFailure",
                  case when f.reason = 'NotMade' then r.error_message end as message
           from report_schedules s
           cross join lateral (
               select id, report_id, due_at from report_runs where schedule_id = s.id order by due_at desc limit 1
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
    let failed = rows.into_iter().map(|row| Failed {
        schedule_id: row.id,
        enabled: row.enabled,
        due_at: row.due_at,
        failure: Failure {
            reason: row.reason,
            message: row.message,
        },
    });
    Ok(failed.collect())
}
