//! Takes back jobs whose process died, was slow or got stuck, counts their crashes, and marks those that crashed
//! too often as dead.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::delivery::Claimed;
use super::process::Quiet;
use crate::error::Result;
use crate::id::{JobId, ProcessId};
use crate::judge::{MAX_CRASHES, UNPROVEN_CRASHES};

/// Maximum number of jobs that one call takes back; the next call takes the rest.
const BATCH: i64 = 1000;

/// Parameters of a check of processes and deadlines.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// Business time.
    pub now: DateTime<Utc>,
    /// When the previous look began, in database time: jobs that were overdue then have had time to end since. `None`
    /// if there was none; deadlines are then not enforced.
    pub before: Option<DateTime<Utc>>,
    /// Processes that have been silent long enough to lose the jobs that they have not begun.
    pub silent: &'a [ProcessId],
    /// Processes that were just given up although they exist.
    pub slow: &'a [ProcessId],
    /// Processes that were just given up, whatever the reason. The ledger has their names no more.
    pub given_up: &'a [&'a Quiet],
}

/// A job taken from a process that died, was slow or got stuck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reclaimed {
    /// Name of its queue.
    pub queue: String,
    /// Its kind.
    pub kind: String,
    /// Whether it is dead, by crashes or because no attempt is left; else it is ready again.
    pub is_dead: bool,
    /// Whether its handler had begun, so that the attempt counts.
    pub has_begun: bool,
    /// Whether the ledger no longer has its process.
    pub is_gone: bool,
    /// Whether that process is alive and was only slow.
    pub is_slow: bool,
}

/// Takes back jobs that are held by processes without a row (see [`super::process::bury`]), that are past their
/// deadlines, or that were claimed but not begun, by a silent process or for a minute. A claim in the future was made
/// before the clock of the database was set back: its age cannot be known, so it counts as older than a minute.
///
/// - A job that had not begun comes back as if it had never been claimed.
/// - A job that had begun keeps its attempt. It counts as a crash unless its process exists and was only slow.
/// - A crash makes a job dead if it is the third in which the job was alone in its process. A crash beside other jobs proves
///   nothing: the job is tried again, isolated after its second crash ([`convict`] counts the crashes there), and may
///   lose `UNPROVEN_CRASHES` attempts more than its kind has.
///
/// # Errors
/// Database errors only.
pub async fn reclaim(conn: &mut PgConnection, look: Look<'_>) -> Result<Vec<Reclaimed>> {
    let silent: Vec<Uuid> = look.silent.iter().map(|id| id.0).collect();
    let slow: Vec<Uuid> = look.slow.iter().map(|id| id.0).collect();
    let given_up: Vec<Uuid> = look.given_up.iter().map(|process| process.id.0).collect();
    let names: Vec<String> = look.given_up.iter().map(|process| process.name.clone()).collect();
    Ok(sqlx::query_as!(
        Reclaimed,
        r#"with held as (
             select jobs.id, jobs.attempt, process_id, processes.id is null as gone, deadline_at is not null as begun,
                    processes.id is null and process_id = any($4) as slow,
                    coalesce(processes.name, (select given_up.name
                                              from unnest($8::uuid[], $9::text[]) as given_up (id, name)
                                              where given_up.id = jobs.process_id)) as process,
                    (select count(*) from jobs other
                     where other.process_id = jobs.process_id and other.state = 'running'
                       and other.deadline_at is not null) <= 1 as alone
             from jobs left join processes on processes.id = process_id
             where state = 'running'
               and (processes.id is null or (deadline_at < now() and deadline_at < $3::timestamptz)
                    or (deadline_at is null
                        and (process_id = any($5) or claimed_at < $3::timestamptz - interval '60 seconds'
                             or claimed_at > clock_timestamp() + interval '2 seconds')))
             limit $6
             for update of jobs skip locked
         ), lost as (
             select held.*, begun and not slow as crash,
                    case when slow then 'the process that ran it did not answer'
                         when gone then 'the process that ran it died'
                         else 'it ran past its deadline' end as reason,
                    begun and (
                        (not slow and alone and crashes_alone + 1 >= $2::smallint)
                        or held.attempt >= max_attempts + case when slow or (gone and not alone) then $7::smallint else 0 end
                    ) as dead
             from held join jobs using (id)
         ), noted as (
             insert into job_losses (job_id, attempt, process_id, is_crash, is_alone)
             select id, attempt, process_id, crash, crash and alone from lost where begun
             on conflict (job_id, attempt) do update
             set process_id = excluded.process_id, is_crash = excluded.is_crash, is_alone = excluded.is_alone,
                 lost_at = excluded.lost_at
         )
         update jobs
         set state = case when dead then 'dead' else 'ready' end,
             crashes = crashes + crash::int,
             crashes_alone = crashes_alone + (crash and alone)::int,
             attempt = case when begun then jobs.attempt else jobs.attempt - 1 end,
             last_error = case when begun then reason else last_error end,
             failures = case when begun
                             then job_failures(jobs.failures, jobs.attempt, $1::timestamptz, reason, process, false)
                             else jobs.failures end,
             finished_at = case when dead then $1::timestamptz end, process_id = null, deadline_at = null
         from lost where jobs.id = lost.id
         returning jobs.queue, jobs.kind, dead as "is_dead!", begun as "has_begun!", gone as "is_gone!", slow as "is_slow!""#,
        look.now,
        MAX_CRASHES,
        look.before,
        &slow,
        &silent,
        BATCH,
        UNPROVEN_CRASHES,
        &given_up,
        &names,
    )
    .fetch_all(conn)
    .await?)
}

/// Deletes losses that are older than a day; no process comes back that late.
///
/// # Errors
/// Database errors only.
pub async fn forget_losses(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("delete from job_losses where lost_at < now() - interval '1 day'")
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts a crash that a job certainly caused: it was isolated in a process of its own, and that process died. The
/// third crash makes it dead, as does a crash in its last attempt. Returns whether it is dead; `None` if it had not
/// begun or is not held any more.
///
/// # Errors
/// Database errors only.
pub async fn convict(
    conn: &mut PgConnection,
    process_id: ProcessId,
    claimed: &Claimed,
    now: DateTime<Utc>,
) -> Result<Option<bool>> {
    Ok(sqlx::query_scalar!(
        r#"update jobs
           set crashes = crashes + 1, crashes_alone = crashes_alone + 1,
               state = case when crashes + 1 >= $4::smallint or attempt >= max_attempts then 'dead' else 'ready' end,
               finished_at = case when crashes + 1 >= $4::smallint or attempt >= max_attempts then $5::timestamptz end,
               last_error = 'the process that ran it died', process_id = null, deadline_at = null,
               failures = job_failures(failures, attempt, $5::timestamptz, 'the process that ran it died',
                                       (select name from processes where processes.id = $3), false)
           where id = $1 and claimed_at = $2 and process_id is not distinct from $3
             and state is not distinct from 'running' and deadline_at is not null
           returning state = 'dead' as "is_dead!""#,
        claimed.id as JobId,
        claimed.claimed_at,
        process_id as ProcessId,
        MAX_CRASHES,
        now,
    )
    .fetch_optional(conn)
    .await?)
}

/// Clears the companions of a job that is dead because of its crashes: they did not cause those. Returns how many.
///
/// # Errors
/// Database errors only.
pub async fn clear_companions(conn: &mut PgConnection, job_id: JobId) -> Result<u64> {
    let cleared = sqlx::query!(
        "with wrong as (
             update job_losses set is_crash = false
             where process_id in (select process_id from job_losses where job_id = $1 and is_crash)
               and job_id <> $1 and is_crash
             returning job_id
         )
         update jobs set crashes = greatest(crashes - times, 0)
         from (select job_id, count(*)::smallint as times from wrong group by job_id) as companions
         where jobs.id = companions.job_id and state in ('ready', 'sent', 'running')",
        job_id as JobId,
    )
    .execute(conn)
    .await?;
    Ok(cleared.rows_affected())
}
