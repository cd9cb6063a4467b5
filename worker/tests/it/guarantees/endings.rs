//! How a worker ends on SIGTERM.

use crate::guarantees::support::{SOON, Stage};

#[tokio::test]
async fn sigterm_lets_jobs_in_flight_finish() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 20);
    let id = stage.enqueue(&[&["gate"]]).await[0];
    stage.until_started(id, 1).await;
    worker.signal("-TERM").await;
    stage.open_gate().await;
    assert!(worker.ended().await.success());
    let job = stage.job(id).await;
    assert_eq!((job.state.as_str(), job.attempt), ("done", 1));
    assert_eq!(stage.count("select count(*) from processes").await, 0);
}

#[tokio::test]
async fn sigterm_hands_back_what_does_not_finish_and_does_not_count_it() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(2, 1);
    let ids = stage.enqueue(&[&["hang", "ok"], &["hang", "ok"], &["ok"]]).await;
    stage.until_started(ids[1], 1).await;
    worker.signal("-TERM").await;
    assert!(worker.ended().await.success(), "what hangs does not keep it");
    let job = stage.job(ids[0]).await;
    assert!(["ready", "sent"].contains(&job.state.as_str()), "{}", job.state);
    assert_eq!((job.attempt, job.crashes), (0, 0));

    let _other = stage.worker(2, 1);
    for id in ids {
        let job = stage.until_state(SOON, id, "done").await;
        assert_eq!((job.attempt, job.crashes), (1, 0));
    }
}
