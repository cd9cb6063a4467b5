//! Worker processes: each has a row while it is alive, updated by its heartbeat. All times are database time.
//!
//! A process also holds a session lock, shared by its heartbeat connections. The server releases it when the last of
//! them is closed, and the operating system closes them however the process ends. A silent process that holds its lock
//! exists and is only slow.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::error::Result;
use crate::id::ProcessId;

/// Seconds without a heartbeat after which a process does not count as alive, whether or not it has been given up.
pub const ALIVE: f64 = 5.0;

/// Adds a process; from now on it must send heartbeats.
///
/// # Errors
/// Database errors only.
pub async fn insert(conn: &mut PgConnection, id: ProcessId, name: &str) -> Result<()> {
    sqlx::query!(
        "insert into processes (id, name) values ($1, $2)",
        id as ProcessId,
        name
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the lock that shows that the process exists; it is held until the connection is closed. False if the lock is
/// not available at this moment. The connection must be a direct session with the server, not one of a pooler.
///
/// # Errors
/// Database errors only.
pub async fn hold(conn: &mut PgConnection, id: ProcessId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select pg_try_advisory_lock_shared(hashtextextended('process ' || $1::uuid::text, 0)) as "held!""#,
        id as ProcessId
    )
    .fetch_one(conn)
    .await?)
}

/// Makes commits on this connection not wait for the disk. A crash of the server may lose the last heartbeats, but no
/// process is given up for its silence within five seconds of the server's start.
///
/// # Errors
/// Database errors only.
pub async fn do_not_wait(conn: &mut PgConnection) -> Result<()> {
    sqlx::raw_sql("set synchronous_commit = off").execute(conn).await?;
    Ok(())
}

/// One heartbeat; returns the clock of the database. `None` when the process was given up; it then holds no jobs.
///
/// # Errors
/// Database errors only.
pub async fn beat(conn: &mut PgConnection, id: ProcessId) -> Result<Option<DateTime<Utc>>> {
    Ok(sqlx::query_scalar!(
        r#"update processes set beat_at = now() where id = $1 returning clock_timestamp() as "now!""#,
        id as ProcessId
    )
    .fetch_optional(conn)
    .await?)
}

/// Whether a process has not been given up.
///
/// # Errors
/// Database errors only.
pub async fn exists(conn: &mut PgConnection, id: ProcessId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from processes where id = $1) as "exists!""#,
        id as ProcessId
    )
    .fetch_one(conn)
    .await?)
}

/// Removes a process at its orderly end.
///
/// # Errors
/// Database errors only.
pub async fn delete(conn: &mut PgConnection, id: ProcessId) -> Result<()> {
    sqlx::query!("delete from processes where id = $1", id as ProcessId)
        .execute(conn)
        .await?;
    Ok(())
}

/// A process as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessRow {
    /// The process.
    pub id: ProcessId,
    /// Its name: its role, its process id in the operating system, and its machine.
    pub name: String,
    /// When it started.
    pub started_at: DateTime<Utc>,
    /// Its last heartbeat.
    pub beat_at: DateTime<Utc>,
    /// Jobs that it holds.
    pub running: i64,
}

/// Processes that were not given up, by name, the first thousand.
///
/// # Errors
/// Database errors only.
pub async fn list(conn: &mut PgConnection) -> Result<Vec<ProcessRow>> {
    Ok(sqlx::query_as!(
        ProcessRow,
        r#"select id as "id: ProcessId", name, started_at, beat_at, coalesce(held.jobs, 0) as "running!"
           from processes left join (
               select process_id, count(*) as jobs from jobs where state = 'running' group by process_id
           ) as held on held.process_id = processes.id
           order by name, id limit 1000"#
    )
    .fetch_all(conn)
    .await?)
}

/// A process without a heartbeat for some time.
#[derive(Debug, Clone, PartialEq)]
pub struct Quiet {
    /// The process.
    pub id: ProcessId,
    /// Its name, for people.
    pub name: String,
    /// Its last beat.
    pub beat_at: DateTime<Utc>,
    /// Seconds since then.
    pub silence: f64,
    /// Whether its lock is free: it has ended, or all its connections are broken.
    pub is_gone: bool,
}

/// Processes that have sent no heartbeat for two seconds. One that holds jobs has missed one; the next one of another
/// may be under way.
///
/// There are none within five seconds of the database's own start: no process could send heartbeats while it was down.
/// A start in the future was long ago, before the clock was set back.
///
/// # Errors
/// Database errors only.
pub async fn quiet(conn: &mut PgConnection) -> Result<Vec<Quiet>> {
    Ok(sqlx::query_as!(
        Quiet,
        r#"select id as "id: ProcessId", name, beat_at, extract(epoch from now() - beat_at)::float8 as "silence!",
                  pg_try_advisory_xact_lock(hashtextextended('process ' || id::text, 0)) as "is_gone!"
           from processes
           where beat_at < now() - interval '2 seconds'
             and pg_postmaster_start_time() not between now() - interval '5 seconds' and now()
           order by id"#
    )
    .fetch_all(conn)
    .await?)
}

/// Gives up those of `processes` that have sent no heartbeat since, and returns their ids.
///
/// # Errors
/// Database errors only.
pub async fn bury(conn: &mut PgConnection, processes: &[&Quiet]) -> Result<Vec<ProcessId>> {
    let ids: Vec<_> = processes.iter().map(|process| process.id.0).collect();
    let beats: Vec<_> = processes.iter().map(|process| process.beat_at).collect();
    Ok(sqlx::query_scalar!(
        r#"delete from processes
           using unnest($1::uuid[], $2::timestamptz[]) as silent (id, beat_at)
           where processes.id = silent.id and processes.beat_at = silent.beat_at
           returning processes.id as "id: ProcessId""#,
        &ids,
        &beats,
    )
    .fetch_all(conn)
    .await?)
}

/// Takes back the crashes counted against the jobs of a process that was given up but is alive. A job that was dead
/// because of one is ready again. Returns how many jobs changed.
///
/// # Errors
/// Database errors only.
pub async fn revoke_crashes(conn: &mut PgConnection, id: ProcessId) -> Result<u64> {
    let revoked = sqlx::query!(
        "with wrong as (
             update job_losses set is_crash = false where process_id = $1 and is_crash
             returning job_id, attempt, is_alone
         )
         update jobs
         set crashes = greatest(crashes - 1, 0),
             crashes_alone = greatest(crashes_alone - is_alone::int, 0),
             state = case when state = 'dead' and jobs.attempt = wrong.attempt then 'ready' else state end,
             finished_at = case when state = 'dead' and jobs.attempt = wrong.attempt then null else finished_at end
         from wrong where jobs.id = wrong.job_id",
        id as ProcessId,
    )
    .execute(conn)
    .await?;
    Ok(revoked.rows_affected())
}
