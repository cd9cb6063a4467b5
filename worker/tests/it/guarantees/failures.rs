//! The ledger keeps why each attempt of a job failed, and the story of the job contains it.

use app::jobs::email_notification::EmailNotification;
use app::story::{Kind, StoryId, tell};
use chrono::{DateTime, TimeDelta, Utc};
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::db::delivery::{Begin, Claimed};
use ledger::db::process::Quiet;
use ledger::db::reclaim::Look;
use ledger::delivery::Delivery;
use ledger::handle::{self, Act};
use ledger::id::{JobId, ProcessId};
use ledger::{Cause, Job, Outcome, claim, process};
use testing::database::TestDb;
use uuid::Uuid;

use crate::guarantees::support::jobs;

/// The process that runs the job.
const NAME: &str = "email_worker 1@mail-1";

/// A database with one job, and the process that runs it.
struct Bed {
    db: TestDb,
    process_id: ProcessId,
    id: JobId,
}

impl Bed {
    async fn new() -> Self {
        let db = TestDb::new().await;
        let mut conn = db.pool.acquire().await.unwrap();
        let new = jobs(&[NotificationId::new()]);
        ledger::enqueue(&mut conn, Clock::system().now(), &Cause::default(), &new)
            .await
            .unwrap();
        let id: Uuid = sqlx::query_scalar("select id from jobs")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
        drop(conn);
        let process_id = process::enter(&db.pool, NAME).await.unwrap();
        Self {
            db,
            process_id,
            id: JobId(id),
        }
    }

    /// Begins an attempt.
    async fn begin(&self) -> Claimed {
        let sent = "update jobs set state = 'sent' returning attempt";
        let attempt: i16 = sqlx::query_scalar(sent).fetch_one(&self.db.pool).await.unwrap();
        let delivery = Delivery {
            job_id: self.id,
            attempt,
        };
        let mut claimed = claim::claim(&self.db.pool, self.process_id, &[delivery]).await.unwrap();
        let claimed = claimed.remove(0);
        let begin = Begin {
            job_id: self.id,
            claimed_at: claimed.claimed_at,
            lease: TimeDelta::minutes(1),
        };
        let begun = claim::begin(&self.db.pool, self.process_id, &[begin]).await.unwrap();
        assert_eq!(begun, [self.id]);
        claimed
    }

    async fn settle(&self, claimed: &Claimed, outcome: Outcome) {
        let now = Clock::system().now();
        let settlement = claim::judge(claimed, &EmailNotification::TERMS, outcome, now);
        let settled = claim::settle(&self.db.pool, self.process_id, now, &[settlement]).await;
        assert_eq!(settled.unwrap(), 1);
    }

    /// An attempt from its beginning to its end.
    async fn attempt(&self, outcome: Outcome) {
        let claimed = self.begin().await;
        self.settle(&claimed, outcome).await;
    }

    /// Gives the process up.
    async fn give_up(&self, is_gone: bool) {
        let mut conn = self.db.pool.acquire().await.unwrap();
        let beat_at: DateTime<Utc> = sqlx::query_scalar("select beat_at from processes")
            .fetch_one(&mut *conn)
            .await
            .unwrap();
        let quiet = Quiet {
            id: self.process_id,
            name: NAME.to_owned(),
            beat_at,
            silence: 9.0,
            is_gone,
        };
        let (buried, taken) = process::give_up(&mut conn, &[&quiet], look(None)).await.unwrap();
        assert_eq!((buried.len(), taken.len()), (1, 1));
    }

    /// What the story of the job says about the ends of its attempts.
    async fn endings(&self) -> Vec<String> {
        let story = tell(&self.db.pool, Clock::system().now(), &StoryId::Job(self.id)).await;
        let entries = story.unwrap().entries.into_iter();
        let is_end = |text: &str| {
            ["failed", "was marked", "was done"]
                .iter()
                .any(|word| text.contains(word))
        };
        entries
            .filter(|entry| entry.kind == Kind::Job && is_end(&entry.text))
            .map(|entry| entry.text)
            .collect()
    }
}

fn look(before: Option<DateTime<Utc>>) -> Look<'static> {
    Look {
        now: Clock::system().now(),
        before,
        silent: &[],
        slow: &[],
        given_up: &[],
    }
}

fn held(reason: &str) -> Outcome {
    Outcome::Held {
        reason: reason.to_owned(),
        after: None,
    }
}

#[tokio::test]
async fn a_job_that_failed_twice_and_was_done_lists_both_failures() {
    let bed = Bed::new().await;
    bed.attempt(Outcome::retry("451 try later")).await;
    bed.attempt(Outcome::retry("connection reset")).await;
    bed.attempt(Outcome::Done).await;
    assert_eq!(
        bed.endings().await,
        [
            format!("attempt 1 failed, run by {NAME}: 451 try later"),
            format!("attempt 2 failed, run by {NAME}: connection reset"),
            "it was done, after 3 of 10 attempts".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_dead_job_lists_its_last_failure_once_and_keeps_it_when_retried() {
    let bed = Bed::new().await;
    bed.attempt(Outcome::Fail("refused".to_owned())).await;
    let dead = format!("it was marked as dead, after 1 of 10 attempts, the last by {NAME}: refused");
    assert_eq!(bed.endings().await, [dead]);
    let mut conn = bed.db.pool.acquire().await.unwrap();
    let retried = handle::act(&mut conn, Clock::system().now(), Act::Retry, &[bed.id]).await;
    assert_eq!(retried.unwrap(), [bed.id]);
    drop(conn);
    bed.attempt(Outcome::Done).await;
    assert_eq!(
        bed.endings().await,
        [
            format!("attempt 1 failed, run by {NAME}: refused"),
            "it was done, after 1 of 10 attempts".to_owned(),
        ]
    );
}

#[tokio::test]
async fn a_repeated_external_failure_is_reported_once() {
    let bed = Bed::new().await;
    for _ in 0..3 {
        bed.attempt(held("connection refused")).await;
    }
    bed.attempt(held("no route")).await;
    bed.attempt(Outcome::retry("no route")).await;
    let told = bed.endings().await;
    assert_eq!(told.len(), 3, "{told:#?}");
    let repeated = format!("attempt 1 failed, run by {NAME}, 3 times until ");
    assert!(
        told[0].starts_with(&repeated) && told[0].ends_with(": connection refused"),
        "{told:#?}"
    );
    let once = format!("attempt 1 failed, run by {NAME}: no route");
    assert_eq!(told[1..], [once.clone(), once]);
}

#[tokio::test]
async fn the_last_twenty_failures_are_kept() {
    let bed = Bed::new().await;
    let sql = "update jobs set max_attempts = 100";
    sqlx::query(sql).execute(&bed.db.pool).await.unwrap();
    for number in 1..=25 {
        bed.attempt(Outcome::retry(format!("error {number}"))).await;
    }
    let told = bed.endings().await;
    assert_eq!(told.len(), 20);
    assert_eq!(told[0], format!("attempt 6 failed, run by {NAME}: error 6"));
    assert_eq!(told[19], format!("attempt 25 failed, run by {NAME}: error 25"));
}

#[tokio::test]
async fn crashes_and_deadlines_are_failures_like_others() {
    let bed = Bed::new().await;
    bed.begin().await;
    let sql = "update jobs set deadline_at = now() - interval '1 minute'";
    sqlx::query(sql).execute(&bed.db.pool).await.unwrap();
    let mut conn = bed.db.pool.acquire().await.unwrap();
    let before = Some(Clock::system().now());
    let (_, taken) = process::give_up(&mut conn, &[], look(before)).await.unwrap();
    assert_eq!(taken.len(), 1);
    drop(conn);
    // Isolated, it crashes its own process; then its worker dies.
    let claimed = bed.begin().await;
    let convicted = claim::convict(&bed.db.pool, bed.process_id, &claimed, Clock::system().now()).await;
    assert_eq!(convicted.unwrap(), Some(false));
    let sql = "update jobs set crashes = 0, crashes_alone = 0";
    sqlx::query(sql).execute(&bed.db.pool).await.unwrap();
    bed.begin().await;
    bed.give_up(true).await;
    let died = "the process that ran it died";
    assert_eq!(
        bed.endings().await,
        [
            format!("attempt 1 failed, run by {NAME}: it ran past its deadline"),
            format!("attempt 2 failed, run by {NAME}: {died}"),
            format!("attempt 3 failed, run by {NAME}: {died}"),
        ]
    );
}

#[tokio::test]
async fn a_late_report_of_a_process_replaces_the_assumed_outcome() {
    let bed = Bed::new().await;
    let claimed = bed.begin().await;
    bed.give_up(false).await;
    let silent = format!("attempt 1 failed, run by {NAME}: the process that ran it did not answer");
    assert_eq!(bed.endings().await, [silent]);
    bed.settle(&claimed, Outcome::Fail("refused".to_owned())).await;
    let dead = format!("it was marked as dead, after 1 of 10 attempts, the last by {NAME}: refused");
    assert_eq!(bed.endings().await, [dead]);
}
