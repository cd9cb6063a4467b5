//! Violations of the invariants ([`domain::invariant`]), and the latest results.
//!
//! No statement reads a whole table. Rules about tickets, bookings, messages, reports and uploads check rows that are
//! named by id: the newest ones ([`newest`]) and a [`slice()`] of the others. Rules about kept counts check partners
//! and companies, a few at a time. Rules about jobs read through the index of a state.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{CompanyId, TimetableUploadId};
use domain::invariant::{Rule, Subject};
use domain::timetable::upload;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::AppResult;

mod booking;
mod count;
mod history;
mod message;
mod pass;
mod ticket;

pub use pass::{Pass, ended, newest, passes, reach, rows, slice};

/// Within this time a report or an upload whose job is dead or gone has failed.
const REPAIRED_WITHIN: TimeDelta = TimeDelta::seconds(15);

/// Maximum number of violations of a rule that are found.
pub const LIMIT: i64 = 1000;

/// Violations of a rule, at most [`LIMIT`]: among these rows, except for rules about jobs and departures. Missing files
/// cannot be found in the database ([`files`]).
///
/// # Errors
/// Database errors only.
pub async fn broken(conn: &mut PgConnection, rule: Rule, among: &[Uuid], now: DateTime<Utc>) -> AppResult<Vec<Uuid>> {
    match rule {
        Rule::DoubtfulRunOnSale => doubtful_run_on_sale(conn).await,
        Rule::BookingWithoutTicket => booking::without_ticket(conn, among, LIMIT).await,
        Rule::PartnerCountsDiffer => count::of_partners(conn, among).await,
        Rule::CompanyCountsDiffer => count::of_companies(conn, among).await,
        Rule::MessageWithoutJob => message::without_job(conn, among, now, LIMIT).await,
        Rule::MessageStateImpossible => message::state_impossible(conn, among, LIMIT).await,
        Rule::JobSentNotRecovered => Ok(ledger::db::invariant::sent_not_recovered(conn, LIMIT).await?),
        Rule::JobRunningWithoutProcess => Ok(ledger::db::invariant::running_without_process(conn, LIMIT).await?),
        Rule::JobRunningPastDeadline => Ok(ledger::db::invariant::running_past_deadline(conn, LIMIT).await?),
        Rule::JobTimeInFuture => Ok(ledger::db::invariant::time_in_future(conn, LIMIT).await?),
        Rule::JobDeadWithoutError => Ok(ledger::db::invariant::dead_without_error(conn, LIMIT).await?),
        Rule::JobStateImpossible => job_state_impossible(conn).await,
        Rule::ReportWithoutJob => report_without_job(conn, now).await,
        Rule::ReportStateImpossible => report_state_impossible(conn, among).await,
        Rule::UploadWithoutJob => upload_without_job(conn, now).await,
        Rule::UploadStateImpossible => upload_state_impossible(conn, among).await,
        Rule::ReportWithoutFile | Rule::UploadWithoutFile => Ok(Vec::new()),
        about_tickets => ticket::broken(conn, about_tickets, among, LIMIT).await,
    }
}

async fn doubtful_run_on_sale(conn: &mut PgConnection) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select m.id from departure_matches m join departures d using (trip_id, service_day)
         where m.rejected_at is null and d.closed_at is null limit $1",
        LIMIT,
    )
    .fetch_all(conn)
    .await?)
}

/// Whether the queue of a job is known is not asked here, since this crate does not know the queues.
async fn job_state_impossible(conn: &mut PgConnection) -> AppResult<Vec<Uuid>> {
    let mut found = ledger::db::invariant::impossible(conn, LIMIT).await?;
    found.extend(ledger::db::invariant::twice(conn, LIMIT).await?);
    Ok(found)
}

/// Reports whose job is gone, and those that wait although no other report of their company is unfinished: reports are
/// admitted when another one is requested or ends.
async fn report_without_job(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        r#"(select r.id as "id!" from reports r
            left join all_jobs j on j.dedupe_key = 'report:rpt_' || replace(r.id::text, '-', '')
            where r.status in ('Pending', 'Processing') and r.admitted_at is not null
              and (j.id is null or j.state in ('dead', 'done', 'canceled'))
              and coalesce(j.finished_at, r.admitted_at) < $1
            limit $2)
           union all
           (select r.id from reports r
            where r.status in ('Pending', 'Processing') and r.admitted_at is null and r.created_at < $1
              and not exists (
                  select from reports other
                  where other.company_id = r.company_id and other.status in ('Pending', 'Processing')
                    and other.admitted_at is not null)
            limit $2)
           limit $2"#,
        now - REPAIRED_WITHIN,
        LIMIT,
    )
    .fetch_all(conn)
    .await?)
}

async fn report_state_impossible(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select id from reports
         where id = any($1) and (
             (status = 'Completed' and (object_key is null or size_bytes is null or sha256 is null))
             or (status = 'Failed' and error_message is null)
         ) limit $2",
        among,
        LIMIT,
    )
    .fetch_all(conn)
    .await?)
}

async fn upload_without_job(conn: &mut PgConnection, now: DateTime<Utc>) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select u.id from timetable_uploads u left join all_jobs j on j.dedupe_key = u.job_key
         where u.status in ('Checking', 'Publishing')
           and (j.id is null or j.state in ('dead', 'done', 'canceled'))
           and coalesce(j.finished_at, u.created_at) < $1
         limit $2",
        now - REPAIRED_WITHIN,
        LIMIT,
    )
    .fetch_all(conn)
    .await?)
}

async fn upload_state_impossible(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<Uuid>> {
    Ok(sqlx::query_scalar!(
        "select id from timetable_uploads
         where id = any($1) and (
             (status in ('Ready', 'Published') and report is null)
             or (status in ('Ready', 'Published') and kind = 'Upload'
                 and (checked_at is null or size_bytes is null or sha256 is null))
             or (status in ('Refused', 'Failed') and error_message is null)
         ) limit $2",
        among,
        LIMIT,
    )
    .fetch_all(conn)
    .await?)
}

/// A file that must be in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFile {
    /// Its report or upload.
    pub id: Uuid,
    /// Its key.
    pub key: String,
    /// Its size in bytes; `None` if it was not recorded.
    pub size: Option<i64>,
}

/// The files that these reports or uploads must have in the store; other subjects have none.
///
/// # Errors
/// Database errors only.
pub async fn files(conn: &mut PgConnection, subject: Subject, among: &[Uuid]) -> AppResult<Vec<StoredFile>> {
    match subject {
        Subject::Report => report_files(conn, among).await,
        Subject::Upload => archives(conn, among).await,
        _ => Ok(Vec::new()),
    }
}

async fn report_files(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<StoredFile>> {
    Ok(sqlx::query_as!(
        StoredFile,
        r#"select id, object_key as "key!", size_bytes as size from reports
           where id = any($1) and status = 'Completed' and removed_at is null and object_key is not null"#,
        among,
    )
    .fetch_all(conn)
    .await?)
}

async fn archives(conn: &mut PgConnection, among: &[Uuid]) -> AppResult<Vec<StoredFile>> {
    let rows = sqlx::query!(
        r#"select id as "id: TimetableUploadId", company_id as "company_id: CompanyId", size_bytes from timetable_uploads
           where id = any($1) and kind = 'Upload' and status <> 'Receiving' and removed_at is null"#,
        among,
    )
    .fetch_all(conn)
    .await?;
    let files = rows.into_iter().map(|row| StoredFile {
        id: row.id.0,
        key: upload::object_key(row.company_id, row.id),
        size: row.size_bytes,
    });
    Ok(files.collect())
}

/// The latest result of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Name of the rule; a later release may know rules that this one does not.
    pub rule: String,
    /// The violations.
    pub broken: Vec<Uuid>,
    /// Possible violations of the latest run, for rules about states that are repaired within seconds.
    pub suspects: Vec<Uuid>,
    /// When it was checked.
    pub checked_at: DateTime<Utc>,
}

/// The latest results.
///
/// # Errors
/// Database errors only.
pub async fn results(conn: &mut PgConnection) -> AppResult<Vec<Stored>> {
    Ok(sqlx::query_as!(
        Stored,
        "select rule, broken, suspects, checked_at from invariants order by rule limit 100"
    )
    .fetch_all(conn)
    .await?)
}

/// The latest results of these rules, locked until the end of the transaction.
///
/// # Errors
/// Database errors only.
pub async fn lock(conn: &mut PgConnection, rules: &[Rule]) -> AppResult<Vec<Stored>> {
    let rules: Vec<String> = rules.iter().map(|rule| rule.name().to_owned()).collect();
    Ok(sqlx::query_as!(
        Stored,
        "select rule, broken, suspects, checked_at from invariants where rule = any($1) order by rule for update",
        &rules,
    )
    .fetch_all(conn)
    .await?)
}

/// Stores the result of a rule.
///
/// # Errors
/// Database errors only.
pub async fn store(
    conn: &mut PgConnection,
    rule: Rule,
    broken: &[Uuid],
    suspects: &[Uuid],
    now: DateTime<Utc>,
) -> AppResult<()> {
    sqlx::query!(
        "insert into invariants (rule, broken, suspects, checked_at) values ($1, $2, $3, $4)
         on conflict (rule) do update
         set broken = excluded.broken, suspects = excluded.suspects, checked_at = excluded.checked_at",
        rule.name(),
        broken,
        suspects,
        now,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Known violations and possible violations of these rules, to be checked again regardless of the progress of the pass.
///
/// # Errors
/// Database errors only.
pub async fn known(conn: &mut PgConnection, rules: &[Rule]) -> AppResult<Vec<Uuid>> {
    let rules: Vec<String> = rules.iter().map(|rule| rule.name().to_owned()).collect();
    Ok(sqlx::query_scalar!(
        r#"select distinct id as "id!" from invariants cross join unnest(broken || suspects) as of_rule (id)
           where rule = any($1)"#,
        &rules,
    )
    .fetch_all(conn)
    .await?)
}
