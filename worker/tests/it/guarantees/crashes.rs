//! Processes that die, and jobs that get stuck.
use ledger::delivery::Delivery;

use crate::guarantees::support::{SOON, Stage};

/// That the job runs again within ten seconds depends on the periods of the reconciler
/// (`common/ledger/src/scheduler/silence.rs` and its tests): a death is noticed after five seconds, by a check that
/// runs every second. The time is not asserted here, since it also depends on how busy the machine is.
#[tokio::test]
async fn a_job_whose_worker_is_killed_runs_again_and_takes_effect_once() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let worker = stage.worker(4, 5);
    let id = stage.enqueue(&[&["hang", "ok"]]).await[0];
    stage.until_started(id, 1).await;
    worker.kill().await;
    let _other = stage.worker(4, 5);
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes), (2, 1));
    assert_eq!(stage.count("select count(*) from effects").await, 1);
    assert_eq!(
        stage.count("select count(*) from processes").await,
        1,
        "the dead one is buried"
    );
}

#[tokio::test]
async fn a_job_that_kills_its_worker_three_times_is_dead_and_its_companions_go_on() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let companion: &[&str] = &["hang", "hang", "ok"];
    let crasher: &[&str] = &["abort in company", "abort in company", "abort among starts"];
    let ids = stage.enqueue(&[crasher, companion, companion, companion]).await;
    for _crash in 0..2 {
        let mut worker = stage.worker(4, 5);
        assert!(!worker.ended().await.success());
        stage.age_heartbeats().await;
    }
    stage
        .until(
            SOON,
            "select count(*) from all_jobs where crashes = 2 and state <> 'running'",
            4,
        )
        .await;
    // The third time, one of the companions is missing.
    sqlx::query("update jobs set state = 'ready', run_at = now() + interval '1 hour' where id = $1")
        .bind(stage.job(ids[3]).await.id.0)
        .execute(&stage.db.pool)
        .await
        .unwrap();

    let mut worker = stage.worker(4, 5);
    let dead = stage.until_state(SOON, ids[0], "dead").await;
    assert_eq!((dead.attempt, dead.crashes), (3, 3));
    assert_eq!(dead.last_error.as_deref(), Some("the process that ran it died"));
    assert!(
        worker.is_running(),
        "the third time it was alone in a process of its own"
    );
    let absent = stage.job(ids[3]).await;
    assert_eq!(absent.crashes, 0, "the jobs that died with it are cleared");
    let late = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, late, "done").await;
    for companion in &ids[1..3] {
        let job = stage.until_state(SOON, *companion, "done").await;
        assert_eq!(job.attempt, 3);
    }
    assert_eq!(stage.starts(ids[0]).await, 3);
}

#[tokio::test]
async fn a_job_that_had_not_begun_when_its_process_died_did_not_crash() {
    let stage = Stage::new().await;
    let ids = stage.enqueue(&[&["ok"], &["ok"]]).await;
    sqlx::query("update jobs set state = 'sent'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    sqlx::query("update jobs set crashes = 2 where id = $1")
        .bind(stage.job(ids[1]).await.id.0)
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let process = ledger::process::enter(&stage.db.pool, "mayfly").await.unwrap();
    let mut deliveries = Vec::new();
    for id in &ids {
        let job_id = stage.job(*id).await.id;
        deliveries.push(Delivery { job_id, attempt: 0 });
    }
    let claimed = ledger::claim::claim(&stage.db.pool, process, &deliveries)
        .await
        .unwrap();
    assert_eq!(claimed.len(), 2);
    stage.age_heartbeats().await;
    let _scheduler = stage.scheduler().await;
    for (id, crashes) in ids.into_iter().zip([0, 2]) {
        let job = stage.until_state(SOON, id, "sent").await;
        assert_eq!((job.attempt, job.crashes, job.last_error), (0, crashes, None));
    }
}

#[tokio::test]
async fn a_claim_whose_response_was_lost_is_released_without_a_trace() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    sqlx::query("update jobs set state = 'sent'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let (pool, job_id) = (&stage.db.pool, stage.job(id).await.id);
    let process = ledger::process::enter(pool, "forgetful").await.unwrap();
    let deliveries = [Delivery { job_id, attempt: 0 }];
    ledger::claim::claim(pool, process, &deliveries).await.unwrap();
    let now = kernel::clock::Clock::system().now();
    let release = || ledger::claim::release_unknown(pool, process, now, &deliveries);
    assert_eq!(release().await.unwrap(), 1);
    assert_eq!(release().await.unwrap(), 0, "a repeat changes nothing");
    let job = stage.job(id).await;
    assert_eq!((job.state.as_str(), job.attempt), ("ready", 0));
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
    // The test's own pool lost its connections too: take connections until all ten work.
    let mut good = Vec::new();
    while good.len() < 10 {
        if let Ok(mut conn) = stage.db.pool.acquire().await
            && sqlx::query("select").execute(&mut *conn).await.is_ok()
        {
            good.push(conn);
        }
    }
    drop(good);
    let second = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, second, "done").await;
    assert!(worker.is_running());
}
