//! The clock of the database was set back by half an hour: what the ledger noted before lies in the future.

use std::time::Duration;

use app::jobs::queue;
use ledger::Priority;
use ledger::delivery::Delivery;
use testing::eventually::eventually;

use crate::guarantees::support::{SOON, Stage};

const AHEAD: &str = "
    update processes set beat_at = beat_at + interval '30 minutes';
    update jobs set sent_at = sent_at + interval '30 minutes', claimed_at = claimed_at + interval '30 minutes',
                    deadline_at = deadline_at + interval '30 minutes'";

async fn set_back(stage: &Stage) {
    sqlx::raw_sql(AHEAD).execute(&stage.db.pool).await.unwrap();
}

#[tokio::test]
async fn a_job_whose_worker_died_before_the_clock_was_set_back_runs_again() {
    let stage = Stage::new().await;
    let scheduler = stage.scheduler().await;
    let worker = stage.worker(4, 5);
    let id = stage.enqueue(&[&["hang", "ok"]]).await[0];
    stage.until_started(id, 1).await;
    drop(scheduler);
    worker.kill().await;
    set_back(&stage).await;
    let _scheduler = stage.scheduler().await;
    let _other = stage.worker(4, 5);
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes), (2, 1));
}

#[tokio::test]
async fn a_job_that_redis_lost_before_the_clock_was_set_back_is_sent_again() {
    let stage = Stage::new().await;
    let scheduler = stage.scheduler().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, id, "sent").await;
    let list = &queue::EMAIL.list(Priority::Normal);
    eventually("its entry", SOON, async || {
        let length: i64 = stage.redis(&["LLEN", list]).await;
        (length == 1).then_some(())
    })
    .await;
    drop(scheduler);
    let _: i64 = stage.redis(&["DEL", list]).await;
    set_back(&stage).await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, stage.starts(id).await), (1, 1));
}

/// The response to the claim was lost; its process is alive.
#[tokio::test]
async fn a_claim_in_the_future_that_was_not_begun_is_taken_back() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    sqlx::query("update jobs set state = 'sent'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let job_id = stage.job(id).await.id;
    let process = ledger::process::enter(&stage.db.pool, "forgetful").await.unwrap();
    let deliveries = [Delivery { job_id, attempt: 0 }];
    let claimed = ledger::claim::claim(&stage.db.pool, process, &deliveries)
        .await
        .unwrap();
    assert_eq!(claimed.len(), 1);
    set_back(&stage).await;
    let pool = stage.db.pool.clone();
    let beating = tokio::spawn(async move {
        loop {
            sqlx::query("update processes set beat_at = now()")
                .execute(&pool)
                .await
                .unwrap();
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    });
    let _scheduler = stage.scheduler().await;
    let job = stage.until_state(SOON, id, "sent").await;
    beating.abort();
    assert_eq!((job.attempt, job.crashes), (0, 0));
}
