//! Writes the outcomes of attempts into the ledger. The statement that settles a job as done also moves it to
//! `finished_jobs`: a concurrent change of the job finds no row, and has no effect. A failure is added to the failures of
//! the job in the same statement (`job_failures` in the schema).

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::error::Result;
use crate::id::{JobId, ProcessId};
use crate::judge::Verdict;

/// How one attempt of a job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The job.
    pub job_id: JobId,
    /// When it was claimed for the attempt ([`Claimed::claimed_at`](super::delivery::Claimed::claimed_at)).
    pub claimed_at: DateTime<Utc>,
    /// The verdict on the job.
    pub verdict: Verdict,
}

/// Records the outcomes of attempts, and returns how many it recorded: those whose jobs the process still held. For the
/// others see [`settle_late`]. An attempt that ended without a crash resets the crash count of its job.
///
/// Most batches have only jobs that are done. These have a statement of their own, which need not prepare the update of
/// the others.
///
/// # Errors
/// Database errors only.
pub async fn settle(
    conn: &mut PgConnection,
    process_id: ProcessId,
    now: DateTime<Utc>,
    settlements: &[Settlement],
) -> Result<u64> {
    let mut done = Claims::default();
    let mut others = Claims::default();
    let mut states = Vec::new();
    let mut run_ats = Vec::new();
    let mut reasons = Vec::new();
    let mut uncounted = Vec::new();
    for settlement in settlements {
        let (state, run_at, reason) = match &settlement.verdict {
            Verdict::Done => {
                done.push(settlement);
                continue;
            }
            Verdict::Again { run_at, reason } | Verdict::Postponed { run_at, reason } => {
                ("ready", Some(*run_at), reason.clone())
            }
            Verdict::Dead { reason } => ("dead", None, reason.clone()),
        };
        others.push(settlement);
        states.push(state.to_owned());
        run_ats.push(run_at);
        reasons.push(reason);
        uncounted.push(i16::from(matches!(settlement.verdict, Verdict::Postponed { .. })));
    }
    if others.ids.is_empty() {
        return finish(conn, process_id, now, &done).await;
    }
    let mut tx = conn.begin().await?;
    let finished = finish(&mut tx, process_id, now, &done).await?;
    let changed = sqlx::query!(
        "update jobs
         set state = settled.state, run_at = coalesce(settled.run_at, jobs.run_at),
             attempt = jobs.attempt - settled.uncounted,
             held_since = case when settled.uncounted > 0 then coalesce(jobs.held_since, $2::timestamptz) end,
             last_error = settled.reason,
             failures = job_failures(jobs.failures, jobs.attempt, $2::timestamptz, settled.reason,
                                     (select name from processes where id = $1),
                                     settled.uncounted > 0 and jobs.held_since is not null),
             crashes = case when settled.state = 'ready' then 0 else crashes end,
             crashes_alone = case when settled.state = 'ready' then 0 else crashes_alone end,
             finished_at = case when settled.state = 'dead' then $2::timestamptz end,
             process_id = null, deadline_at = null
         from unnest($3::uuid[], $4::timestamptz[], $5::text[], $6::timestamptz[], $7::text[], $8::smallint[])
              as settled (job_id, claimed_at, state, run_at, reason, uncounted)
         where jobs.id = any($3) and jobs.id = settled.job_id and jobs.claimed_at = settled.claimed_at
           and jobs.process_id is not distinct from $1 and jobs.state is not distinct from 'running'",
        process_id as ProcessId,
        now,
        &others.ids,
        &others.times,
        &states,
        &run_ats as &[Option<DateTime<Utc>>],
        &reasons,
        &uncounted,
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(finished + changed.rows_affected())
}

/// Moves jobs that are done to `finished_jobs`; returns how many.
async fn finish(conn: &mut PgConnection, process_id: ProcessId, now: DateTime<Utc>, done: &Claims) -> Result<u64> {
    if done.ids.is_empty() {
        return Ok(0);
    }
    let finished = sqlx::query!(
        "with gone as (
             delete from jobs
             where jobs.id = any($1)
               and jobs.process_id is not distinct from $3 and jobs.state is not distinct from 'running'
               and ((jobs.id, jobs.claimed_at) in (select * from unnest($1::uuid[], $2::timestamptz[]))) is true
             returning jobs.*
         )
         insert into finished_jobs (id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, sent_at,
                                    claimed_at, finished_at, last_error, request_id, trace_id, created_at, is_urgent,
                                    tenant, failures)
         select id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, sent_at, claimed_at,
                $4::timestamptz, last_error, request_id, trace_id, created_at, is_urgent, tenant, failures
         from gone",
        &done.ids,
        &done.times,
        process_id as ProcessId,
        now,
    )
    .execute(conn)
    .await?;
    Ok(finished.rows_affected())
}

/// Claims of jobs, as the arrays of a statement.
#[derive(Default)]
struct Claims {
    ids: Vec<Uuid>,
    times: Vec<DateTime<Utc>>,
}

impl Claims {
    fn push(&mut self, settlement: &Settlement) {
        self.ids.push(settlement.job_id.0);
        self.times.push(settlement.claimed_at);
    }
}

/// Records the final ones among the outcomes of jobs that were taken from the process, unless the jobs have been
/// claimed or retried since: finished work need not be repeated. The error of the attempt replaces the failure that was
/// noted when it was taken from the process; the name of the process, which has no row any more, is kept from there.
/// Returns how many it recorded.
///
/// # Errors
/// Database errors only.
pub async fn settle_late(
    conn: &mut PgConnection,
    process_id: ProcessId,
    now: DateTime<Utc>,
    settlements: &[Settlement],
) -> Result<u64> {
    let mut done = Claims::default();
    let mut dead = Claims::default();
    let mut reasons = Vec::new();
    for settlement in settlements {
        match &settlement.verdict {
            Verdict::Done => done.push(settlement),
            Verdict::Dead { reason } => {
                dead.push(settlement);
                reasons.push(reason.clone());
            }
            Verdict::Again { .. } | Verdict::Postponed { .. } => {}
        }
    }
    let recorded = sqlx::query_scalar!(
        r#"with gone as (
             delete from jobs using unnest($1::uuid[], $2::timestamptz[]) as settled (job_id, claimed_at)
             where jobs.id = any($1) and jobs.id = settled.job_id and jobs.claimed_at = settled.claimed_at
               and (jobs.state is not distinct from 'ready' or jobs.state is not distinct from 'sent'
                    or jobs.state is not distinct from 'dead')
               and exists (select from job_losses loss
                           where loss.job_id = jobs.id and loss.attempt = jobs.attempt and loss.process_id = $3)
             returning jobs.*
         ), done as (
             insert into finished_jobs (id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, sent_at,
                                        claimed_at, finished_at, last_error, request_id, trace_id, created_at, is_urgent,
                                        tenant, failures)
             select id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, sent_at, claimed_at,
                    $4, last_error, request_id, trace_id, created_at, is_urgent, tenant, failures
             from gone
         ), changed as (
             update jobs
             set state = 'dead', last_error = settled.reason, finished_at = $4,
                 failures = job_failures(
                     case when (jobs.failures -> -1 ->> 'attempt')::smallint = jobs.attempt then jobs.failures - (-1)
                          else jobs.failures end,
                     jobs.attempt, $4::timestamptz, settled.reason,
                     coalesce((select name from processes where id = $3),
                              case when (jobs.failures -> -1 ->> 'attempt')::smallint = jobs.attempt
                                   then jobs.failures -> -1 ->> 'process' end),
                     false)
             from unnest($5::uuid[], $6::timestamptz[], $7::text[]) as settled (job_id, claimed_at, reason)
             where jobs.id = any($5) and jobs.id = settled.job_id and jobs.claimed_at = settled.claimed_at
               and (jobs.state is not distinct from 'ready' or jobs.state is not distinct from 'sent'
                    or jobs.state is not distinct from 'dead')
               and exists (select from job_losses loss
                           where loss.job_id = jobs.id and loss.attempt = jobs.attempt and loss.process_id = $3)
             returning jobs.id
         )
         select (select count(*) from gone) + (select count(*) from changed) as "recorded!""#,
        &done.ids,
        &done.times,
        process_id as ProcessId,
        now,
        &dead.ids,
        &dead.times,
        &reasons,
    )
    .fetch_one(conn)
    .await?;
    Ok(recorded.unsigned_abs())
}
