//! Lists of jobs for operators: by state, page by page, and by error.
//!
//! Each state is read from an index of its own, from a key on, and at most [`SCAN`] rows for a page; the other
//! conditions of a filter apply to those rows. A page may therefore have fewer jobs than requested, or none, and still
//! be followed by another. The state is a literal in each statement, not an argument, so that the planner uses its
//! partial index.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::error::Result;
use crate::id::JobId;

/// Maximum number of rows that are read for a page. The statements contain the number as a literal too: their plans
/// depend on it.
pub const SCAN: i64 = 10_000;

/// Selects jobs of a state, from a key on.
#[derive(Debug, Clone)]
pub struct Search<'a> {
    /// Names of the queues.
    pub queues: &'a [String],
    /// Only of this kind.
    pub kind: Option<&'a str>,
    /// Only with this text in the last error, or in its pattern (`job_error_pattern` in the schema).
    pub error: Option<&'a str>,
    /// Only jobs whose [`since`](JobRow::since) is before this instant.
    pub before: DateTime<Utc>,
    /// The key of the last job of the previous page.
    pub after: (DateTime<Utc>, Uuid),
    /// Maximum number of jobs.
    pub take: i64,
}

/// A job in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct JobRow {
    /// The job.
    pub id: JobId,
    /// Name of its queue.
    pub queue: String,
    /// Its kind.
    pub kind: String,
    /// Claims so far.
    pub attempt: i16,
    /// Claims after which it is dead.
    pub max_attempts: i16,
    /// Claims that ended with their process or its deadline.
    pub crashes: i16,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// Request that caused it.
    pub request_id: Option<String>,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// Ready: when it is due. Sent: when it was sent. Running: when it was claimed. Otherwise when it was finished.
    pub since: DateTime<Utc>,
    /// Whether it has been running longer than it should; false unless it runs.
    pub is_stuck: bool,
    /// Whether it fits the search. A job that does not fit only marks how far the page has read.
    pub fits: bool,
    /// Whether the page read no further than this job.
    pub is_last_look: bool,
}

/// Select list and filter of a list. `$1` to `$3` are the filter (queues, kind, error); `$4` (`before`), `$5` and `$6`
/// (`after`) and `$7` (`take`) delimit what is read.
macro_rules! walk {
    ($conn:expr, $search:expr, $order:tt, $rows:tt, $finish:tt) => {
        sqlx::query_as!(
            JobRow,
            r#"select id as "id!: JobId", queue as "queue!", kind as "kind!", attempt as "attempt!",
                      max_attempts as "max_attempts!", crashes as "crashes!", last_error, request_id,
                      created_at as "created_at!", since as "since!", false as "is_stuck!", fits as "fits!",
                      place = 10000 as "is_last_look!"
               from (
                   select looked.*, "#
                + $order
                + r#" as place,
                          queue = any($1) and ($2::text is null or kind = $2)
                          and ($3::text is null or position($3 in last_error) > 0
                               or position($3 in job_error_pattern(last_error)) > 0) is true as fits
                   from ("#
                + $rows
                + r#") as looked
               ) as walked
               where fits or place = 10000 "#
                + $finish,
            $search.queues,
            $search.kind,
            $search.error,
            $search.before,
            $search.after.0,
            $search.after.1,
            $search.take,
        )
        .fetch_all($conn)
        .await
    };
}

/// Jobs that wait, in the order of their due times.
///
/// # Errors
/// Database errors only.
pub async fn ready(conn: &mut PgConnection, search: &Search<'_>) -> Result<Vec<JobRow>> {
    Ok(walk!(
        conn,
        search,
        "row_number() over (order by since, id)",
        "select picked.*, picked.run_at as since
         from unnest($1::text[]) as known (name) cross join lateral (
             select * from jobs
             where jobs.queue = known.name and state = 'ready' and run_at < $4 and (run_at, id) > ($5, $6::uuid)
             order by run_at, id limit 10000
         ) as picked order by picked.run_at, picked.id limit 10000",
        "order by since, id limit $7"
    )?)
}

/// Jobs in Redis, in the order in which they were sent.
///
/// # Errors
/// Database errors only.
pub async fn sent(conn: &mut PgConnection, search: &Search<'_>) -> Result<Vec<JobRow>> {
    Ok(walk!(
        conn,
        search,
        "row_number() over (order by since, id)",
        "select picked.*, picked.sent_at as since
         from unnest($1::text[]) as known (name) cross join lateral (
             select * from jobs
             where jobs.queue = known.name and state = 'sent' and sent_at < $4 and (sent_at, id) > ($5, $6::uuid)
             order by sent_at, id limit 10000
         ) as picked order by picked.sent_at, picked.id limit 10000",
        "order by since, id limit $7"
    )?)
}

/// Jobs in a final state, the latest first.
macro_rules! finished {
    ($(#[$doc:meta])* $name:ident, $rows:tt) => {
        $(#[$doc])*
        ///
        /// # Errors
        /// Database errors only.
        pub async fn $name(conn: &mut PgConnection, search: &Search<'_>) -> Result<Vec<JobRow>> {
            Ok(walk!(
                conn,
                search,
                "row_number() over (order by since desc, id desc)",
                $rows,
                "order by since desc, id desc limit $7"
            )?)
        }
    };
}

finished! {
    /// Jobs that were done, the latest first.
    done,
    "select *, finished_at as since from all_jobs
     where state = 'done' and finished_at < $4 and (finished_at, id) < ($5, $6::uuid)
     order by finished_at desc, id desc limit 10000"
}

finished! {
    /// Dead jobs, the latest first.
    dead,
    "select *, finished_at as since from jobs
     where state = 'dead' and finished_at < $4 and (finished_at, id) < ($5, $6::uuid)
     order by finished_at desc, id desc limit 10000"
}

finished! {
    /// Jobs that were canceled, the latest first.
    canceled,
    "select *, finished_at as since from jobs
     where state = 'canceled' and finished_at < $4 and (finished_at, id) < ($5, $6::uuid)
     order by finished_at desc, id desc limit 10000"
}

/// Jobs with a worker, in the order of their claims; with `only_stuck`, only those that are stuck. Their number is
/// bounded by the slots of the workers and their places for suspects.
///
/// A job is stuck when its deadline has passed, or when it has run for longer than 99 of 100 jobs of its kind and for
/// longer than `least`. The percentile is that of the latest thousand finished jobs of the kind; there is none for a
/// kind with fewer than 100.
///
/// # Errors
/// Database errors only.
pub async fn running(
    conn: &mut PgConnection,
    search: &Search<'_>,
    least: TimeDelta,
    only_stuck: bool,
) -> Result<Vec<JobRow>> {
    Ok(sqlx::query_as!(
        JobRow,
        r#"with usual as materialized (
               select running.queue, running.kind, latest.p99
               from (select distinct queue, kind from jobs where state = 'running') as running
               cross join lateral (
                   select percentile_cont(0.99) within group (order by extract(epoch from finished_at - claimed_at)) as p99
                   from (
                       select finished_at, claimed_at from finished_jobs done
                       where done.queue = running.queue and done.kind = running.kind
                       order by finished_at desc limit 1000
                   ) as done
                   having count(*) >= 100
               ) as latest
           ), held as (
               select jobs.*, claimed_at as since,
                      (deadline_at < now()
                       or extract(epoch from now() - claimed_at) > usual.p99
                          and extract(epoch from now() - claimed_at) > $7::float8) is true as is_stuck
               from jobs left join usual using (queue, kind)
               where state = 'running'
           )
           select id as "id!: JobId", queue as "queue!", kind as "kind!", attempt as "attempt!",
                  max_attempts as "max_attempts!", crashes as "crashes!", last_error, request_id,
                  created_at as "created_at!", since as "since!", is_stuck as "is_stuck!", true as "fits!",
                  false as "is_last_look!"
           from held
           where queue = any($1) and ($2::text is null or kind = $2)
             and ($3::text is null or position($3 in last_error) > 0
                  or position($3 in job_error_pattern(last_error)) > 0)
             and since < $4 and (since, id) > ($5, $6::uuid) and (is_stuck or not $8)
           order by since, id limit $9"#,
        search.queues,
        search.kind,
        search.error,
        search.before,
        search.after.0,
        search.after.1,
        least.as_seconds_f64(),
        only_stuck,
        search.take,
    )
    .fetch_all(conn)
    .await?)
}

/// These errors with `#` in place of every id and number (`job_error_pattern` in the schema), in the given order.
///
/// # Errors
/// Database errors only.
pub async fn patterns(conn: &mut PgConnection, errors: &[&str]) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"select job_error_pattern(error) as "pattern!"
           from unnest($1::text[]) with ordinality as given (error, place) order by place"#,
        errors as &[&str],
    )
    .fetch_all(conn)
    .await?)
}
