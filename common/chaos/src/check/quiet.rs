//! Waiting until nothing is left to do, and how long that took.

use std::sync::PoisonError;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use tokio::time::Instant;

use super::{Finding, rows};
use crate::error::Result;
use crate::figures::Figures;

/// How long the platform may take until nothing is left to do: back-offs of jobs that failed at a provider included.
const QUIET: Duration = Duration::from_secs(75);

/// Pause between two looks.
const PERIOD: Duration = Duration::from_millis(200);

/// Sweeps and polls come and go; one is stuck when it is so old.
const BUSY: &str =
    "select id || ' (' || kind || '): ' || state || ', attempt ' || attempt || coalesce(', ' || last_error, '')
     from jobs where state not in ('done', 'dead')
       and (queue not in ('sweep', 'geo') or created_at < clock_timestamp() - interval '10 seconds')
     union all
     select 'report ' || id || ': ' || status from reports where status in ('Pending', 'Processing')
     limit 20";

/// Accounts whose buses are tracked, without a poll that began after an instant and ended.
const UNPOLLED: &str = "select 'account ' || a.id || ' was not polled since' from fms_accounts a
     where exists (select from fms_objects o where o.account_id = a.id and o.enabled)
       and not exists (select from jobs j where j.kind = 'geolocation_poll' and j.state = 'done' and j.created_at > $1
                       and j.payload::text like '%' || replace(a.id::text, '-', '') || '%')";

/// Waits until no job and no report is unfinished; what is still there when the time is over is a finding.
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

/// Notes how long jobs took, from the end of the faults on, that waited or ran then. Those of `held` queues have
/// waited for a provider.
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
    let late = "select queue, (extract(epoch from finished_at - $2) * 1000)::bigint from jobs
                where created_at between $1 and $2 and finished_at > $2 and state = 'done'";
    let late: Vec<(String, i64)> = sqlx::query_as(late).bind(began).bind(healed).fetch_all(pool).await?;
    for (queue, millis) in late {
        let times = if held.contains(&queue.as_str()) {
            &figures.held
        } else {
            &figures.recovery
        };
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        times.push(u64::try_from(millis).unwrap_or_default());
    }
    Ok(())
}
