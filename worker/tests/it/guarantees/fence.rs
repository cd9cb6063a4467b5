//! What identifies a claim. The number of an attempt is not enough: it recurs when an operator retries a job, and when
//! an attempt does not count.

use app::jobs::email_notification::EmailNotification;
use chrono::TimeDelta;
use kernel::clock::Clock;
use ledger::claim;
use ledger::db::delivery::{Begin, Claimed};
use ledger::delivery::Delivery;
use ledger::handle::{self, Act};
use ledger::id::ProcessId;
use ledger::{Job, Outcome, process};
use uuid::Uuid;

use crate::guarantees::support::{SOON, Stage};

impl Stage {
    async fn execute(&self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&self.db.pool).await.unwrap();
    }

    async fn retry(&self, id: Uuid) {
        let job_id = self.job(id).await.id;
        let mut conn = self.db.pool.acquire().await.unwrap();
        let retried = handle::act(&mut conn, Clock::system().now(), Act::Retry, &[job_id]).await;
        assert_eq!(retried.unwrap(), [job_id]);
    }

    /// Lets a process claim a job, whatever state the job was in.
    async fn claim(&self, process_id: ProcessId, id: Uuid) -> Claimed {
        self.execute("update jobs set state = 'sent', process_id = null, deadline_at = null")
            .await;
        let job = self.job(id).await;
        let delivery = Delivery {
            job_id: job.id,
            attempt: job.attempt,
        };
        let mut claimed = claim::claim(&self.db.pool, process_id, &[delivery]).await.unwrap();
        claimed.remove(0)
    }

    /// Whether a claimed job may begin.
    async fn begins(&self, process_id: ProcessId, claimed: &Claimed) -> bool {
        let begin = Begin {
            job_id: claimed.id,
            claimed_at: claimed.claimed_at,
            lease: TimeDelta::minutes(1),
        };
        let begun = claim::begin(&self.db.pool, process_id, &[begin]).await.unwrap();
        begun == [claimed.id]
    }

    /// Reports an outcome of a claimed job; returns how many were recorded.
    async fn settles(&self, process_id: ProcessId, claimed: &Claimed, outcome: Outcome) -> u64 {
        let now = Clock::system().now();
        let settlement = claim::judge(claimed, &EmailNotification::TERMS, outcome, now);
        claim::settle(&self.db.pool, process_id, now, &[settlement])
            .await
            .unwrap()
    }
}

fn postponed() -> Outcome {
    Outcome::Postponed {
        reason: "not now".to_owned(),
        after: TimeDelta::zero(),
    }
}

/// The handler of the first attempt continues after the retry, and reports an outcome.
#[tokio::test]
async fn an_attempt_that_was_taken_away_does_not_end_the_one_that_a_retry_began() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let id = stage.enqueue(&[&["gate", "hang"]]).await[0];
    stage.until_started(id, 1).await;
    stage
        .execute("update jobs set max_attempts = 1, deadline_at = now() - interval '1 second'")
        .await;
    stage.until_state(SOON, id, "dead").await;
    stage.retry(id).await;
    stage.until_started(id, 2).await;
    stage.open_gate().await;
    stage.until(SOON, "select count(*) from effects", 1).await;
    // Outcomes are recorded in order, so when this one is recorded, the late one has been handled.
    let other = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, other, "done").await;
    let job = stage.job(id).await;
    assert_eq!((job.state.as_str(), job.attempt), ("running", 1));
}

#[tokio::test]
async fn an_older_claim_of_the_same_process_neither_begins_nor_ends_a_job() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    let pool = &stage.db.pool;
    let process_id = process::enter(pool, "email_worker 1").await.unwrap();
    let older = stage.claim(process_id, id).await;
    // As when the claimed job does not begin within a minute: the attempt is not counted.
    stage.execute("update jobs set attempt = 0").await;
    let newer = stage.claim(process_id, id).await;
    assert_eq!((older.attempt, newer.attempt), (1, 1));
    assert!(!stage.begins(process_id, &older).await);
    assert!(stage.begins(process_id, &newer).await);
    for outcome in [Outcome::Done, postponed(), Outcome::Fail("refused".to_owned())] {
        assert_eq!(stage.settles(process_id, &older, outcome).await, 0);
    }
    let convicted = claim::convict(pool, process_id, &older, Clock::system().now()).await;
    assert_eq!(convicted.unwrap(), None);
    assert_eq!(stage.job(id).await.state, "running");
    assert_eq!(stage.settles(process_id, &newer, Outcome::Done).await, 1);
}

#[tokio::test]
async fn an_outcome_is_too_late_after_another_process_claimed_the_job() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    let first = process::enter(&stage.db.pool, "email_worker 1").await.unwrap();
    let second = process::enter(&stage.db.pool, "email_worker 2").await.unwrap();
    let lost = stage.claim(first, id).await;
    assert!(stage.begins(first, &lost).await);
    stage
        .execute(
            "insert into job_losses (job_id, attempt, process_id, is_crash, is_alone)
             select id, attempt, process_id, true, true from jobs",
        )
        .await;
    let since = stage.claim(second, id).await;
    assert_eq!(stage.settles(second, &since, postponed()).await, 1);
    let job = stage.job(id).await;
    assert_eq!((job.state.as_str(), job.attempt), ("ready", lost.attempt));
    assert_eq!(stage.settles(first, &lost, Outcome::Done).await, 0);
}

#[tokio::test]
async fn a_process_that_comes_back_takes_nothing_back_that_was_lost_before_a_retry() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    let pool = &stage.db.pool;
    let lost = process::enter(pool, "email_worker 1").await.unwrap();
    stage.claim(lost, id).await;
    stage
        .execute(
            "insert into job_losses (job_id, attempt, process_id, is_crash, is_alone)
             select id, attempt, process_id, true, true from jobs;
             update jobs set state = 'dead', crashes = 3, crashes_alone = 3, finished_at = now(), process_id = null",
        )
        .await;
    stage.retry(id).await;
    // Another process crashes with it, and a third reports that it cannot succeed.
    let other = process::enter(pool, "email_worker 2").await.unwrap();
    let claimed = stage.claim(other, id).await;
    assert_eq!(
        stage
            .settles(other, &claimed, Outcome::Fail("refused".to_owned()))
            .await,
        1
    );
    stage.execute("update jobs set crashes = 1, crashes_alone = 1").await;
    assert_eq!(process::revoke_crashes(pool, lost).await.unwrap(), 0);
    let job = stage.job(id).await;
    assert_eq!((job.state.as_str(), job.attempt, job.crashes), ("dead", 1, 1));
}
