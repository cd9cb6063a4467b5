//! Waits until nothing is left to do, and measures how long that took.

use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgPool};
use tokio::time::Instant;
use uuid::Uuid;

use super::{Finding, rows};
use crate::error::Result;
use crate::figures::{Figures, Spread, locked};

/// The guarantee: how long 99 of 100 jobs of a round, and the first search and booking at each API, may take once its
/// faults have ended, in milliseconds.
pub const RECOVERY: u64 = 10_000;

/// Kinds of jobs whose back-off alone takes as long as is allowed once a second attempt has failed: five seconds, then
/// ten.
const SLOW_AGAIN: [&str; 2] = ["timetable_preview", "timetable_publish"];

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
     union all
     select 'ticket ' || id || ' was not paid in time' from tickets
     where status = 'Processing' and payment_status = 'Unpaid'
       and created_at <= clock_timestamp() - interval '20 minutes'
     limit 20";

/// Accounts with enabled trackers, for which no poll has begun after an instant and ended.
const UNPOLLED: &str = "select 'account ' || a.id || ' was not polled since' from tracking_accounts a
     where exists (select from trackers o where o.account_id = a.id and o.enabled)
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

/// A job that was unfinished when the faults ended.
#[derive(Debug, FromRow)]
struct Late {
    id: Uuid,
    queue: String,
    kind: String,
    attempt: i16,
    millis: i64,
}

impl Late {
    /// Whether its time counts. That it is done in the end is checked of every job.
    fn counts(&self) -> bool {
        self.attempt <= 1 || !SLOW_AGAIN.contains(&self.kind.as_str())
    }

    /// How long it took from the end of the faults, in milliseconds.
    fn took(&self) -> u64 {
        u64::try_from(self.millis).unwrap_or_default()
    }
}

/// A round, as far as its recovery depends on it.
#[derive(Debug, Clone, Copy)]
pub struct RoundEnd<'a> {
    /// When its load began.
    pub began: DateTime<Utc>,
    /// When its faults had ended.
    pub healed: DateTime<Utc>,
    /// The queues whose provider failed. Their times are summed up separately, but the guarantee holds for them too.
    pub held: &'a [&'a str],
    /// How long 99 of 100 jobs may take, in milliseconds.
    pub most: u64,
}

/// Records how long the jobs that waited or ran during the faults of a round took, from the end of the faults, without
/// those whose back-off takes longer (`SLOW_AGAIN`). Returns these times, and a finding if they are too long.
///
/// # Errors
/// When the database does not answer.
pub async fn recovery(pool: &PgPool, figures: &Figures, round: RoundEnd<'_>) -> Result<(Spread, Option<Finding>)> {
    let late = "select id, queue, kind, attempt, (extract(epoch from finished_at - $2) * 1000)::bigint as millis
                from all_jobs
                where created_at between $1 and $2 and finished_at > $2 and state = 'done' order by millis";
    let mut late: Vec<Late> = sqlx::query_as(late)
        .bind(round.began)
        .bind(round.healed)
        .fetch_all(pool)
        .await?;
    late.retain(Late::counts);
    for job in &late {
        let is_held = round.held.contains(&job.queue.as_str());
        let times = if is_held { &figures.held } else { &figures.recovery };
        locked(times).push(job.took());
    }
    let spread = Spread::of_times(late.iter().map(Late::took).collect());
    Ok((spread, too_slow(&late, spread, round)))
}

/// A finding with the slowest job, which is the last one, if the jobs of a round took too long.
fn too_slow(late: &[Late], spread: Spread, round: RoundEnd<'_>) -> Option<Finding> {
    let slowest = late.last().filter(|_| spread.p99 > round.most)?;
    Some(Finding {
        rule: "99 of 100 jobs of a round are done in time once its faults have ended",
        detail: format!(
            "{spread}, where {} ms are allowed; the slowest is {} of queue {}, and the faults had ended at {}",
            round.most, slowest.id, slowest.queue, round.healed
        ),
    })
}

/// A warning if something took longer than is guaranteed, but no longer than the `most` milliseconds that are allowed.
pub fn warning(what: &str, took: u64, most: u64) -> Option<String> {
    let is_tolerated = took > RECOVERY && took <= most;
    is_tolerated.then(|| {
        format!(
            "WARNING: {what} took {took} ms after the faults. {RECOVERY} ms are guaranteed; this passes only because \
             {most} ms are allowed here"
        )
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::{Late, RECOVERY, RoundEnd, too_slow, warning};
    use crate::figures::Spread;

    fn job(kind: &str, attempt: i16, millis: i64) -> Late {
        Late {
            id: Uuid::nil(),
            queue: "viber".to_owned(),
            kind: kind.to_owned(),
            attempt,
            millis,
        }
    }

    fn finding(times: &[i64]) -> Option<String> {
        let late: Vec<Late> = times
            .iter()
            .map(|millis| job("viber_notification", 3, *millis))
            .collect();
        let round = RoundEnd {
            began: DateTime::UNIX_EPOCH,
            healed: DateTime::UNIX_EPOCH,
            // A job that waits for its provider may not take longer than others.
            held: &["viber"],
            most: RECOVERY,
        };
        let spread = Spread::of_times(late.iter().map(Late::took).collect());
        too_slow(&late, spread, round).map(|finding| finding.detail)
    }

    #[test]
    fn a_round_may_take_ten_seconds() {
        assert_eq!(finding(&[]), None);
        assert_eq!(finding(&[1, 9_000, 10_000]), None);
        let told = finding(&[1, 9_000, 10_001]).unwrap();
        assert!(told.contains("10000 ms are allowed"), "{told}");
        assert!(told.contains(&Uuid::nil().to_string()), "{told}");
    }

    #[test]
    fn more_than_ten_seconds_are_a_warning_where_more_are_allowed() {
        assert_eq!(warning("a booking", 10_000, 15_000), None);
        let told = warning("a booking", 10_001, 15_000).unwrap();
        assert!(told.starts_with("WARNING: a booking took 10001 ms"), "{told}");
        // This is a violation.
        assert_eq!(warning("a booking", 15_001, 15_000), None);
    }

    #[test]
    fn a_timetable_that_is_tried_again_may_take_as_long_as_its_back_off() {
        for kind in ["timetable_preview", "timetable_publish"] {
            assert!(job(kind, 1, 11_000).counts(), "{kind}");
            assert!(!job(kind, 2, 11_000).counts(), "{kind}");
        }
        assert!(job("email_notification", 2, 11_000).counts());
    }

    #[test]
    fn one_job_in_a_hundred_may_take_longer() {
        let mut times = vec![1; 99];
        times.push(60_000);
        assert_eq!(finding(&times), None);
        times.push(60_000);
        assert!(finding(&times).is_some());
    }
}
