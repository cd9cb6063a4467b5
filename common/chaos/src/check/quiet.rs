//! Waits until nothing is left to do, and measures how long that took.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Finding, rows, tell};
use crate::error::Result;
use crate::figures::{Figures, Slowest, locked};

/// How long the platform may take until nothing is left to do, including the back-offs of jobs that failed at a
/// provider.
const QUIET: Duration = Duration::from_secs(75);

/// Interval between two checks.
const PERIOD: Duration = Duration::from_millis(200);

/// Unfinished work. There are always new sweeps and polls; one that is older than ten seconds is stuck.
const BUSY: &str =
    "select id || ' (' || kind || '): ' || state || ', attempt ' || attempt || coalesce(', ' || last_error, '')
     from jobs where state not in ('done', 'dead')
       and (queue not in ('sweep', 'geo') or created_at < clock_timestamp() - interval '10 seconds')
     union all
     select 'report ' || id || ': ' || status from reports where status in ('Pending', 'Processing')
     limit 20";

/// Accounts with enabled trackers, for which no poll has begun after an instant and ended.
const UNPOLLED: &str = "select 'account ' || a.id || ' was not polled since' from fms_accounts a
     where exists (select from fms_objects o where o.account_id = a.id and o.enabled)
       and not exists (select from all_jobs j where j.kind = 'geolocation_poll' and j.state = 'done' and j.created_at > $1
                       and j.payload::text like '%' || replace(a.id::text, '-', '') || '%')";

/// Waits until every job and report is finished and every account was polled; what is left at the time limit is a
/// finding.
///
/// # Errors
/// When the database does not answer.
pub async fn until_quiet(pool: &PgPool, healed: DateTime<Utc>) -> Result<Vec<Finding>> {
    let ends = Instant::now() + QUIET;
    loop {
        let busy = rows(pool, BUSY).await?;
        let unpolled: Vec<String> = sqlx::query_scalar(UNPOLLED).bind(healed).fetch_all(pool).await?;
        if busy.is_empty() && unpolled.is_empty() {
            return Ok(Vec::new());
        }
        if Instant::now() > ends {
            let finding = |detail| Finding {
                rule: "everything ends when the faults have ended",
                detail,
            };
            return Ok(busy.into_iter().chain(unpolled).map(finding).collect());
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// Records how long jobs took that began at an instant or later.
///
/// # Errors
/// When the database does not answer.
pub async fn ordinary(pool: &PgPool, figures: &Figures, began: DateTime<Utc>) -> Result<()> {
    let took = "select (extract(epoch from finished_at - created_at) * 1000)::bigint from all_jobs
                where created_at > $1 and state = 'done'";
    let took: Vec<i64> = sqlx::query_scalar(took).bind(began).fetch_all(pool).await?;
    let took = took.into_iter().map(|millis| u64::try_from(millis).unwrap_or_default());
    locked(&figures.ordinary).extend(took);
    Ok(())
}

/// A job that was late.
#[derive(Debug, FromRow)]
struct Late {
    id: Uuid,
    queue: String,
    millis: i64,
}

/// Records how long jobs that waited or ran during the faults took, from the end of the faults. Jobs of `held` queues
/// have waited for a provider.
///
/// # Errors
/// When the database does not answer.
pub async fn recovery(
    pool: &PgPool,
    figures: &Figures,
    began: DateTime<Utc>,
    healed: DateTime<Utc>,
    held: &[&str],
) -> Result<()> {
    let late = "select id, queue, (extract(epoch from finished_at - $2) * 1000)::bigint as millis from all_jobs
                where created_at between $1 and $2 and finished_at > $2 and state = 'done' order by millis";
    let late: Vec<Late> = sqlx::query_as(late).bind(began).bind(healed).fetch_all(pool).await?;
    let mut slowest = None;
    for job in &late {
        let is_held = held.contains(&job.queue.as_str());
        let times = if is_held { &figures.held } else { &figures.recovery };
        let millis = u64::try_from(job.millis).unwrap_or_default();
        locked(times).push(millis);
        if !is_held {
            slowest = Some((millis, job));
        }
    }
    let longest = locked(&figures.slowest).as_ref().map_or(0, |slowest| slowest.millis);
    if let Some((millis, job)) = slowest.filter(|(millis, _)| *millis > longest) {
        let story = tell(pool, &job.id.to_string()).await?;
        *locked(&figures.slowest) = Some(Slowest {
            millis,
            what: format!(
                "job {} of queue {}; the faults had ended at {healed}",
                job.id, job.queue
            ),
            story,
        });
    }
    Ok(())
}
