//! Processes that die, get stuck, or come back from the dead.

use std::time::Instant;

use common::app;
use common::jobs::Queue;
use common::jobs::delivery::Delivery;

use crate::support::{SOON, Stage, TEN_SECONDS};

#[tokio::test]
async fn a_job_whose_worker_is_killed_runs_again_within_ten_seconds_and_takes_effect_once() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let worker = stage.worker(4, 5);
    let id = stage.enqueue(&[&["hang", "ok"]]).await[0];
    stage.until_started(id, 1).await;
    worker.kill().await;
    let killed = Instant::now();
    let _other = stage.worker(4, 5);
    let job = stage.until_state(SOON, id, "done").await;
    assert!(killed.elapsed() < TEN_SECONDS, "{:?}", killed.elapsed());
    assert_eq!((job.attempt, job.crashes), (2, 1));
    assert_eq!(stage.count("select count(*) from effects").await, 1);
    assert_eq!(
        stage.count("select count(*) from processes").await,
        1,
        "the dead one is buried"
    );
}

#[tokio::test]
async fn a_job_that_kills_its_worker_three_times_is_parked_and_its_companions_go_on() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let companion: &[&str] = &["hang", "hang", "ok"];
    let murderer: &[&str] = &["abort in company", "abort in company", "abort among claims"];
    let ids = stage.enqueue(&[murderer, companion, companion, companion]).await;
    for _crash in 0..3 {
        let mut worker = stage.worker(4, 5);
        assert!(!worker.ended().await.success());
        stage.age_heartbeats().await;
    }
    let parked = stage.until_state(SOON, ids[0], "dead").await;
    assert_eq!((parked.attempt, parked.crashes), (3, 3));
    assert_eq!(parked.last_error.as_deref(), Some("the process that ran it died"));

    let _worker = stage.worker(4, 5);
    let late = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, late, "done").await;
    for companion in &ids[1..] {
        let job = stage.until_state(SOON, *companion, "done").await;
        assert_eq!(job.crashes, 2, "the third crash met the murderer alone");
    }
    assert_eq!(stage.starts(ids[0]).await, 3);
}

#[tokio::test]
async fn a_job_that_only_waited_to_run_alone_when_its_process_died_did_not_crash() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    sqlx::query("update jobs set crashes = 2, state = 'sent'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let process = app::process::enter(&stage.db.pool, "mayfly").await.unwrap();
    let delivery = Delivery {
        job_id: stage.job(id).await.id,
        attempt: 0,
    };
    let claimed = app::delivery::claim(&stage.db.pool, process, Queue::Email, &[delivery])
        .await
        .unwrap();
    assert!(claimed[0].runs_alone());
    stage.age_heartbeats().await;
    let _scheduler = stage.scheduler().await;
    let job = stage.until_state(SOON, id, "sent").await;
    assert_eq!((job.attempt, job.crashes), (0, 2));
}

#[tokio::test]
async fn a_worker_that_wakes_up_after_it_was_given_up_changes_nothing_and_ends() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut sleeper = stage.worker(4, 5);
    let id = stage.enqueue(&[&["gate", "retry"]]).await[0];
    stage.until_started(id, 1).await;
    sleeper.signal("-STOP").await;
    stage.age_heartbeats().await;
    let _other = stage.worker(4, 5);
    stage.until_started(id, 2).await;
    let failed = stage.until_state(SOON, id, "ready").await;
    assert_eq!(failed.last_error.as_deref(), Some("as the script says"));
    stage.open_gate().await;
    sleeper.signal("-CONT").await;
    assert!(!sleeper.ended().await.success(), "its supervisor is to start it again");
    assert_ne!(stage.job(id).await.state, "done", "the sleeper's outcome is refused");
}

#[tokio::test]
async fn a_job_past_its_deadline_counts_as_a_crash_and_runs_again() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let id = stage.enqueue(&[&["hang", "ok"]]).await[0];
    stage.until_started(id, 1).await;
    sqlx::query("update jobs set deadline_at = now() - interval '1 second'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes), (2, 1));
    assert_eq!(job.last_error.as_deref(), Some("it ran past its deadline"));
    assert!(worker.is_running());
}

#[tokio::test]
async fn a_panic_fails_the_attempt_and_not_the_worker() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let ids = stage.enqueue(&[&["panic", "ok"], &["ok"]]).await;
    stage.until_state(SOON, ids[1], "done").await;
    let failed = stage.until_state(SOON, ids[0], "ready").await;
    assert_eq!(failed.last_error.as_deref(), Some("the handler panicked"));
    assert!(failed.run_at > failed.created_at, "it waits for its back-off");
    stage.until_state(SOON, ids[0], "done").await;
    assert!(worker.is_running());
}

#[tokio::test]
async fn broken_connections_to_the_database_are_made_again() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    let first = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, first, "done").await;
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()",
    )
    .execute(&stage.db.pool)
    .await
    .unwrap();
    // The test's own pool lost its connections too.
    while sqlx::query("select").execute(&stage.db.pool).await.is_err() {}
    let second = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(TEN_SECONDS, second, "done").await;
    assert!(worker.is_running());
}
