//! The audit trail: what operators did, what users of companies and partners changed, and what the platform does in their
//! place. Entries are written in the transaction of the act; a trigger keeps them as they are.

use chrono::{DateTime, Utc};
use domain::id::AuditEntryId;
use ledger::id::JobId;
use serde_json::{Map, Value};
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::error::AppResult;

/// An entry.
#[derive(Debug, Clone, PartialEq)]
pub struct AuditEntry {
    /// Its id; later entries have greater ones.
    pub id: AuditEntryId,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// Who: the id of a person, `cli:` and a name from the command line, or `system` for the platform itself.
    pub actor: String,
    /// Name of the person, as it is now. It is not stored here.
    pub actor_name: Option<String>,
    /// What was done.
    pub action: String,
    /// To what: the id of a job or of what was changed, the name of a queue, the key of a feed, two currencies, or the
    /// filter that named the jobs.
    pub subject: String,
    /// The reason, as entered by the operator.
    pub reason: String,
    /// Counts and ids; an object, which is empty when there is nothing to add.
    pub details: Json<Map<String, Value>>,
    /// `x-request-id` of the request; `None` on the command line.
    pub request_id: Option<String>,
}

/// Writes an entry.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, entry: &AuditEntry) -> AppResult<()> {
    sqlx::query!(
        "insert into audit_entries (id, at, actor, action, subject, reason, details, request_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        entry.id as AuditEntryId,
        entry.at,
        entry.actor,
        entry.action,
        entry.subject,
        entry.reason,
        &entry.details as &Json<Map<String, Value>>,
        entry.request_id,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes which jobs an entry is about.
///
/// # Errors
/// Database errors only.
pub async fn insert_jobs(conn: &mut PgConnection, entry: AuditEntryId, jobs: &[JobId]) -> AppResult<()> {
    let jobs: Vec<Uuid> = jobs.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into audit_jobs (job_id, entry_id) select id, $2 from unnest($1::uuid[]) as job (id)",
        &jobs,
        entry as AuditEntryId,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Entries before one, the latest first, at most `take`.
///
/// # Errors
/// Database errors only.
pub async fn list(conn: &mut PgConnection, before: AuditEntryId, take: i64) -> AppResult<Vec<AuditEntry>> {
    Ok(sqlx::query_as!(
        AuditEntry,
        r#"select e.id as "id: AuditEntryId", e.at, e.actor, u.first_name || ' ' || u.last_name as actor_name, e.action,
                  e.subject, e.reason, e.details as "details: Json<Map<String, Value>>", e.request_id
           from audit_entries e
                left join users u on u.id = case when e.actor ~ '^usr_[0-9a-f]{32}$' then substr(e.actor, 5)::uuid end
           where e.id < $1 order by e.id desc limit $2"#,
        before as AuditEntryId,
        take,
    )
    .fetch_all(conn)
    .await?)
}

/// The same, only those about one subject.
///
/// # Errors
/// Database errors only.
pub async fn list_about(
    conn: &mut PgConnection,
    subject: &str,
    before: AuditEntryId,
    take: i64,
) -> AppResult<Vec<AuditEntry>> {
    Ok(sqlx::query_as!(
        AuditEntry,
        r#"select e.id as "id: AuditEntryId", e.at, e.actor, u.first_name || ' ' || u.last_name as actor_name, e.action,
                  e.subject, e.reason, e.details as "details: Json<Map<String, Value>>", e.request_id
           from audit_entries e
                left join users u on u.id = case when e.actor ~ '^usr_[0-9a-f]{32}$' then substr(e.actor, 5)::uuid end
           where e.id = any(array(
               (select id from audit_entries where subject = $1 and id < $2 order by id desc limit $3)
               union
               (select entry_id from audit_jobs where job_id = $4 and entry_id < $2 order by entry_id desc limit $3)))
           order by e.id desc limit $3"#,
        subject,
        before as AuditEntryId,
        take,
        subject.parse().ok() as Option<JobId>,
    )
    .fetch_all(conn)
    .await?)
}

/// What a request did, oldest first, at most `limit` entries.
///
/// # Errors
/// Database errors only.
pub async fn of_request(conn: &mut PgConnection, request_id: &str, limit: i64) -> AppResult<Vec<AuditEntry>> {
    Ok(sqlx::query_as!(
        AuditEntry,
        r#"select e.id as "id: AuditEntryId", e.at, e.actor, u.first_name || ' ' || u.last_name as actor_name, e.action,
                  e.subject, e.reason, e.details as "details: Json<Map<String, Value>>", e.request_id
           from audit_entries e
                left join users u on u.id = case when e.actor ~ '^usr_[0-9a-f]{32}$' then substr(e.actor, 5)::uuid end
           where e.request_id = $1 order by e.id limit $2"#,
        request_id,
        limit,
    )
    .fetch_all(conn)
    .await?)
}

/// What an operator did to a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobAction {
    /// The job.
    pub job_id: JobId,
    /// When it was done.
    pub at: DateTime<Utc>,
    /// Who, as in [`AuditEntry`].
    pub actor: String,
    /// Name of the person, as it is now.
    pub actor_name: Option<String>,
    /// What was done, such as `job.retry`.
    pub action: String,
    /// Why, in their own words.
    pub reason: String,
    /// `x-request-id` of the request.
    pub request_id: Option<String>,
}

/// What operators did to these jobs, one by one or by a filter, oldest first: the last 20 actions on each, and at most
/// `limit` in all.
///
/// # Errors
/// Database errors only.
pub async fn on_jobs(conn: &mut PgConnection, jobs: &[JobId], limit: i64) -> AppResult<Vec<JobAction>> {
    let ids: Vec<Uuid> = jobs.iter().map(|id| id.0).collect();
    let subjects: Vec<String> = jobs.iter().map(ToString::to_string).collect();
    Ok(sqlx::query_as!(
        JobAction,
        r#"select job.id as "job_id!: JobId", e.at, e.actor, u.first_name || ' ' || u.last_name as actor_name, e.action,
                  e.reason, e.request_id
           from unnest($1::uuid[], $2::text[]) as job (id, subject)
           cross join lateral (
               (select id from audit_entries where subject = job.subject order by id desc limit 20)
               union
               (select entry_id from audit_jobs where job_id = job.id order by entry_id desc limit 20)
           ) as about (entry_id)
           join audit_entries e on e.id = about.entry_id
           left join users u on u.id = case when e.actor ~ '^usr_[0-9a-f]{32}$' then substr(e.actor, 5)::uuid end
           order by e.id, job.id limit $3"#,
        &ids,
        &subjects,
        limit,
    )
    .fetch_all(conn)
    .await?)
}
