//! Jobs that may have killed a process run where they harm no other job, and delay none.

use std::path::Path;

use testing::eventually::eventually;

use crate::guarantees::support::{SOON, Stage};

const DONE: &str = "select count(*) from all_jobs where queue = 'email' and state = 'done'";

async fn suspect(stage: &Stage) {
    sqlx::query("update jobs set crashes = 2")
        .execute(&stage.db.pool)
        .await
        .unwrap();
}

#[tokio::test]
async fn suspects_run_in_processes_of_their_own_and_take_no_slots() {
    let stage = Stage::new().await;
    let suspects = stage.enqueue(&[&["gate"] as &[&str]; 6]).await;
    suspect(&stage).await;
    let _scheduler = stage.scheduler().await;
    let worker = stage.worker(2, 5);
    stage.until(SOON, "select count(*) from starts", 4).await;
    stage.enqueue(&[&["ok"] as &[&str]; 20]).await;
    stage.until(SOON, DONE, 20).await;
    let pids = "select count(distinct pid) from starts where id in (select id from scripts where actions = '{gate}')";
    assert_eq!(stage.count(pids).await, 4);
    stage.open_gate().await;
    stage.until(SOON, DONE, 26).await;
    for id in suspects {
        assert_eq!(stage.job(id).await.attempt, 1, "waiting for a place is not charged");
        assert_ne!(stage.pid(id).await, worker.pid());
    }
}

#[tokio::test]
async fn an_attempt_that_survives_clears_a_suspect() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["retry", "gate"]]).await[0];
    suspect(&stage).await;
    let _scheduler = stage.scheduler().await;
    let worker = stage.worker(2, 5);
    stage.until_started(id, 2).await;
    assert_eq!(stage.job(id).await.crashes, 0);
    assert_eq!(stage.pid(id).await, worker.pid(), "it is among the others again");
}

#[tokio::test]
async fn a_suspect_that_panics_or_fails_ends_as_it_would_elsewhere() {
    let stage = Stage::new().await;
    let ids = stage.enqueue(&[&["panic", "ok"], &["fail"]]).await;
    suspect(&stage).await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(2, 5);
    let failed = stage.until_state(SOON, ids[1], "dead").await;
    assert_eq!(failed.last_error.as_deref(), Some("as the script says"));
    let panicked = stage.until_state(SOON, ids[0], "done").await;
    assert_eq!((panicked.attempt, panicked.crashes), (2, 0));
}

#[tokio::test]
async fn the_process_of_a_suspect_ends_with_its_worker_and_the_suspect_is_not_dead_for_it() {
    let stage = Stage::new().await;
    let ids = stage.enqueue(&[&["hang", "ok"], &["hang", "ok"]]).await;
    suspect(&stage).await;
    let _scheduler = stage.scheduler().await;
    let worker = stage.worker(2, 5);
    stage.until(SOON, "select count(*) from starts", 2).await;
    let child = stage.pid(ids[0]).await;
    worker.kill().await;
    eventually("the child's end", SOON, async || {
        (!Path::new("/proc").join(child.to_string()).exists()).then_some(())
    })
    .await;
    stage.age_heartbeats().await;
    let _other = stage.worker(2, 5);
    stage.until(SOON, DONE, 2).await;
}

#[tokio::test]
async fn sigterm_hands_suspects_back_uncounted() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["hang", "ok"]]).await[0];
    suspect(&stage).await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(2, 1);
    stage.until_started(id, 1).await;
    worker.signal("-TERM").await;
    assert!(worker.ended().await.success());
    let job = stage.job(id).await;
    assert_eq!((job.attempt, job.crashes), (0, 2));
    let _other = stage.worker(2, 5);
    stage.until_state(SOON, id, "done").await;
}

/// Twenty jobs that wait, while the worker is killed three times.
#[tokio::test]
async fn three_kills_among_slow_jobs_park_none_of_them_and_stop_no_worker() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let slow = stage.enqueue(&[&["gate"] as &[&str]; 20]).await;
    for kill in 0..3 {
        let worker = stage.worker(16, 5);
        // Jobs that ran at every crash so far. The third time they are suspects: each runs in a separate process, at
        // most four at a time.
        let begun = match kill {
            0 => "select count(*) from jobs where state = 'running' and deadline_at is not null and crashes = 0",
            1 => "select count(*) from jobs where state = 'running' and deadline_at is not null and crashes = 1",
            _ => "select count(*) from jobs where state = 'running' and deadline_at is not null and crashes = 2",
        };
        eventually("slow jobs", SOON, async || {
            (stage.count(begun).await >= 4).then_some(())
        })
        .await;
        worker.kill().await;
        stage.age_heartbeats().await;
        eventually("the crash is counted", SOON, async || {
            let crashed = stage.count("select max(crashes)::bigint from all_jobs").await;
            (crashed > kill).then_some(())
        })
        .await;
    }
    let _worker = stage.worker(16, 5);
    let others = stage.enqueue(&[&["ok"] as &[&str]; 5]).await;
    for id in others {
        stage.until_state(SOON, id, "done").await;
    }
    stage.open_gate().await;
    stage.until(SOON, DONE, 25).await;
    for id in slow {
        assert!(stage.job(id).await.attempt <= 4);
    }
}
