//! Workers that end in the middle of a report.

use testing::eventually::eventually;

use crate::report::support::{SOON, Stage};

/// Enough for several parts of the file, and for progress to be stored.
const ORDERS: i32 = 60_000;

const DAY: &str = "2027-02-01";

#[tokio::test]
async fn a_worker_that_is_killed_half_way_leaves_one_complete_file_in_the_end() {
    let stage = Stage::new(ORDERS).await;
    let _scheduler = stage.scheduler().await;
    let worker = stage.worker();
    let asked = stage.ask(DAY).await;
    eventually("half a file", SOON, async || (!stage.files().is_empty()).then_some(())).await;
    // A lock on the row delays the next update of the progress, or the last one.
    let mut held = stage.db.pool.begin().await.unwrap();
    sqlx::query("select from reports where id = $1 for update")
        .bind(asked.0)
        .execute(&mut *held)
        .await
        .unwrap();
    stage.until_a_worker_waits().await;
    worker.kill().await;
    held.rollback().await.unwrap();
    stage.age_heartbeats().await;
    let _other = stage.worker();
    stage.check(asked, ORDERS.into()).await;
    assert_eq!(stage.attempt(asked).await, 2);
    let job: (i16, i16, String) =
        sqlx::query_as("select attempt, crashes, request_id from all_jobs where kind = 'report_generate'")
            .fetch_one(&stage.db.pool)
            .await
            .unwrap();
    assert_eq!(job, (2, 1, format!("asked-for-{DAY}")));
}

#[tokio::test]
async fn a_worker_that_is_asked_to_end_hands_the_report_back_and_removes_what_it_had() {
    let stage = Stage::new(ORDERS).await;
    let _scheduler = stage.scheduler().await;
    let worker = stage.worker();
    let asked = stage.ask(DAY).await;
    stage.until_status(asked, "Processing").await;
    let mut held = stage.db.pool.begin().await.unwrap();
    sqlx::query("select from reports where id = $1 for update")
        .bind(asked.0)
        .execute(&mut *held)
        .await
        .unwrap();
    stage.until_a_worker_waits().await;
    assert!(worker.terminate().await.success());
    held.rollback().await.unwrap();
    let _other = stage.worker();
    stage.check(asked, ORDERS.into()).await;
}
