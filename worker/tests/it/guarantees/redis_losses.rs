//! Redis loses its data, dies, or delivers jobs that no worker takes.

use app::jobs::queue;
use ledger::Priority;
use ledger::scheduler::LEAST;
use testing::eventually::eventually;

use crate::guarantees::support::{SOON, Stage};

const DONE: &str = "select count(*) from all_jobs where queue = 'email' and state = 'done'";
const SENT: &str = "select count(*) from jobs where queue = 'email' and state = 'sent'";
const RUNS: &str = "select count(*) from starts";

#[tokio::test]
async fn after_a_flushall_every_job_still_runs_once() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    stage.enqueue(&[&["ok"] as &[&str]; 100]).await;
    stage.until(SOON, SENT, LEAST).await;
    let () = stage.redis(&["FLUSHALL"]).await;
    let _worker = stage.worker(4, 5);
    stage.until(SOON, DONE, 100).await;
    assert_eq!(stage.count(RUNS).await, 100);
}

#[tokio::test]
async fn after_redis_was_killed_every_job_still_runs_and_no_process_ends() {
    let mut stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let held = stage.enqueue(&[&["gate"]]).await[0];
    stage.until_started(held, 1).await;
    stage.redis.kill().await;
    let during = stage.enqueue(&[&["ok"]]).await[0];
    stage.redis.restart().await;
    stage.until_state(SOON, during, "done").await;
    stage.open_gate().await;
    let held = stage.until_state(SOON, held, "done").await;
    assert_eq!(held.attempt, 1, "what a worker holds does not need Redis");
    assert!(worker.is_running());
}

#[tokio::test]
async fn jobs_that_left_the_list_unclaimed_are_sent_again() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let ids = stage.enqueue(&[&["ok"] as &[&str]; 3]).await;
    stage.until(SOON, SENT, 3).await;
    let list = &queue::EMAIL.list(Priority::Normal);
    let _lost: String = stage.redis(&["LPOP", list]).await;
    let lost = stage.job(ids[0]).await.id;
    eventually("the lost entry at the tail", SOON, async || {
        let tail: String = stage.redis(&["LINDEX", list, "-1"]).await;
        (tail == format!("{lost}:0")).then_some(())
    })
    .await;
    let _: i64 = stage.redis(&["DEL", list]).await;
    let _worker = stage.worker(4, 5);
    stage.until(SOON, DONE, 3).await;
    assert_eq!(stage.count(RUNS).await, 3);
}

#[tokio::test]
async fn duplicates_leftovers_and_rubbish_in_the_list_do_nothing() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    stage.enqueue(&[&["ok"] as &[&str]; 2]).await;
    stage.until(SOON, SENT, 2).await;
    let list = &queue::EMAIL.list(Priority::Normal);
    let entries: Vec<String> = stage.redis(&["LRANGE", list, "0", "-1"]).await;
    let _: i64 = stage
        .redis(&["RPUSH", list, "rubbish", &entries[0], &entries[1], &entries[0]])
        .await;
    let mut worker = stage.worker(1, 5);
    stage.until(SOON, DONE, 2).await;
    eventually("an empty list", SOON, async || {
        let length: i64 = stage.redis(&["LLEN", list]).await;
        (length == 0).then_some(())
    })
    .await;
    let after = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, after, "done").await;
    assert_eq!(stage.count(RUNS).await, 3);
    assert!(worker.is_running());
}

/// Another program has overwritten the list of another queue.
#[tokio::test]
async fn a_key_that_holds_no_list_keeps_no_other_queue_from_its_jobs() {
    let stage = Stage::new().await;
    let key = &queue::VIBER.list(Priority::Normal);
    let _: String = stage.redis(&["SET", key, "x"]).await;
    let _scheduler = stage.scheduler().await;
    stage.enqueue(&[&["ok"] as &[&str]; 3]).await;
    stage.until(SOON, SENT, 3).await;
    let list = &queue::EMAIL.list(Priority::Normal);
    eventually("the entries", SOON, async || {
        let length: i64 = stage.redis(&["LLEN", list]).await;
        (length == 3).then_some(())
    })
    .await;
    let _: i64 = stage.redis(&["DEL", list]).await;
    let _worker = stage.worker(4, 5);
    stage.until(SOON, DONE, 3).await;
    assert_eq!(stage.count(RUNS).await, 3);
}
