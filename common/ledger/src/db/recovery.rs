//! Queries and repairs of the reconciler after Redis lost jobs. Jobs whose process died or got stuck are in
//! [`super::reclaim`].

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::turn::List;
use crate::delivery::Delivery;
use crate::error::Result;

/// Maximum number of rows that one call repairs; the next call repairs the rest.
const BATCH: i64 = 1000;

/// What there is to examine for losses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    /// The clock of the database.
    pub now: DateTime<Utc>,
    /// Whether jobs are sent and not claimed: only these can be lost by Redis.
    pub are_sent: bool,
    /// Whether processes hold jobs.
    pub are_running: bool,
    /// Whether a process has sent no heartbeat for two seconds ([`super::process::quiet`] returns which).
    pub are_quiet: bool,
}

/// What there is to examine for losses, in one statement: on an idle platform it is the only one of a look.
///
/// # Errors
/// Database errors only.
pub async fn signs(conn: &mut PgConnection) -> Result<Signs> {
    Ok(sqlx::query_as!(
        Signs,
        r#"select clock_timestamp() as "now!",
                  exists (select from jobs where state = 'sent') as "are_sent!",
                  exists (select from jobs where state = 'running') as "are_running!",
                  exists (select from processes where beat_at < now() - interval '2 seconds') as "are_quiet!""#
    )
    .fetch_one(conn)
    .await?)
}

/// When deliveries were sent. Those that are not waiting to be claimed (duplicates, or claimed long ago) are left out.
///
/// # Errors
/// Database errors only.
pub async fn sent_at(conn: &mut PgConnection, deliveries: &[Delivery]) -> Result<HashMap<Delivery, DateTime<Utc>>> {
    let (ids, attempts) = columns(deliveries);
    let sent = sqlx::query!(
        r#"select delivery.place as "place!", jobs.sent_at as "sent_at!"
           from unnest($1::uuid[], $2::smallint[]) with ordinality as delivery (job_id, attempt, place)
           join jobs on jobs.id = delivery.job_id and jobs.attempt = delivery.attempt
           where jobs.state = 'sent' and jobs.sent_at is not null"#,
        &ids,
        &attempts,
    )
    .fetch_all(conn)
    .await?;
    let at = |place: i64| deliveries.get(usize::try_from(place - 1).ok()?).copied();
    Ok(sent
        .into_iter()
        .filter_map(|row| Some((at(row.place)?, row.sent_at)))
        .collect())
}

/// Deliveries as columns: jobs and attempts.
fn columns(deliveries: &[Delivery]) -> (Vec<Uuid>, Vec<i16>) {
    deliveries
        .iter()
        .map(|delivery| (delivery.job_id.0, delivery.attempt))
        .unzip()
}

/// Makes jobs ready again that were sent in another epoch: Redis has lost them. Returns how many.
///
/// # Errors
/// Database errors only.
pub async fn resend_other_epochs(conn: &mut PgConnection, epoch: Uuid) -> Result<u64> {
    let resent = sqlx::query!(
        "update jobs set state = 'ready' where id in (
             select id from jobs where state = 'sent' and epoch is distinct from $1
             order by queue, sent_at limit $2 for update skip locked
         )",
        epoch,
        BATCH,
    )
    .execute(conn)
    .await?;
    Ok(resent.rows_affected())
}

/// Makes jobs ready again that were sent into one of these lists before its horizon and are still not claimed. Returns
/// the number of jobs by queue.
///
/// # Errors
/// Database errors only.
pub async fn resend_before(conn: &mut PgConnection, horizons: &[(List, DateTime<Utc>)]) -> Result<Vec<(String, u64)>> {
    let queues: Vec<&str> = horizons.iter().map(|(list, _)| list.queue.name()).collect();
    let are_urgent: Vec<bool> = horizons.iter().map(|(list, _)| list.priority.is_urgent()).collect();
    let before: Vec<DateTime<Utc>> = horizons.iter().map(|(_, horizon)| *horizon).collect();
    let resent = sqlx::query!(
        r#"with lost as materialized (
             select job.id
             from unnest($1::text[], $2::boolean[], $3::timestamptz[]) as list (queue, is_urgent, horizon)
             cross join lateral (
                 select id from jobs
                 where state = 'sent' and queue = list.queue and sent_at < list.horizon and is_urgent = list.is_urgent
                 order by sent_at limit $4 for update skip locked
             ) job
         ), resent as (
             update jobs set state = 'ready' where id in (select id from lost) returning queue
         )
         select queue, count(*) as "jobs!" from resent group by queue"#,
        &queues as &[&str],
        &are_urgent,
        &before,
        BATCH,
    )
    .fetch_all(conn)
    .await?;
    Ok(resent
        .into_iter()
        .map(|row| (row.queue, row.jobs.unsigned_abs()))
        .collect())
}

/// Makes jobs ready again that were marked as sent but could not be pushed. Rows that a worker is claiming are left to
/// it. Returns how many.
///
/// # Errors
/// Database errors only.
pub async fn take_back(conn: &mut PgConnection, deliveries: &[Delivery]) -> Result<u64> {
    let (ids, attempts) = columns(deliveries);
    let taken = sqlx::query!(
        "update jobs set state = 'ready' where id in (
             select jobs.id from jobs
             join unnest($1::uuid[], $2::smallint[]) as delivery (job_id, attempt) on jobs.id = delivery.job_id
             where jobs.id = any($1) and jobs.attempt = delivery.attempt and jobs.state is not distinct from 'sent'
             for update of jobs skip locked
         )",
        &ids,
        &attempts,
    )
    .execute(conn)
    .await?;
    Ok(taken.rows_affected())
}
