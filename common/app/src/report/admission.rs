//! Which reports of a company have a job: a limited number at a time.

use chrono::{DateTime, Utc};
use domain::id::{CompanyId, ReportId};
use ledger::NewJob;
use sqlx::PgConnection;

use crate::error::AppResult;

/// Makes the job that generates a report. It is passed in, since that job admits the next report when it ends.
pub type NewReportJob = fn(ReportId, DateTime<Utc>) -> ledger::Result<NewJob>;

/// Gives jobs to those of a company's reports whose turn it is, in the caller's transaction and under its lock.
pub(super) async fn admit(
    conn: &mut PgConnection,
    company_id: CompanyId,
    at_a_time: u32,
    new_job: NewReportJob,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let admitted = db::report::admit(conn, company_id, at_a_time, now).await?;
    let jobs = admitted.iter().map(|(id, _)| new_job(*id, now));
    let jobs = jobs.collect::<ledger::Result<Vec<_>>>()?;
    let causes = admitted.iter().map(|(_, cause)| cause);
    Ok(ledger::enqueue_each(conn, now, jobs.iter().zip(causes)).await?)
}
