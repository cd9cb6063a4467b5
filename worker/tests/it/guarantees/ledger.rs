//! What the ledger decides: that a job exists, how often it is tried, when it is dead, and what a retry does.
use app::jobs::queue;
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::Cause;
use ledger::handle::{self, Act};
use ledger::id::JobId;
use ledger::inspect::{self, Filter, State};
use serde_json::json;

use crate::guarantees::support::{SOON, Stage, jobs};

#[tokio::test]
async fn a_job_exists_if_and_only_if_its_transaction_committed() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let mut tx = stage.db.pool.begin().await.unwrap();
    let new = jobs(&[NotificationId::new()]);
    ledger::enqueue(&mut tx, Clock::system().now(), &Cause::default(), &new)
        .await
        .unwrap();
    tx.rollback().await.unwrap();
    let committed = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, committed, "done").await;
    assert_eq!(
        stage.count("select count(*) from all_jobs where queue = 'email'").await,
        1
    );
    assert_eq!(stage.count("select count(*) from starts").await, 1);
}

#[tokio::test]
async fn a_job_that_fails_permanently_is_dead_listed_inspected_and_retried() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let pool = &stage.db.pool;
    let ids = stage.enqueue(&[&["fail", "ok"], &["fail", "ok"], &["ok"]]).await;
    for id in &ids[..2] {
        stage.until_state(SOON, *id, "dead").await;
    }
    stage.until_state(SOON, ids[2], "done").await;

    let mut conn = pool.acquire().await.unwrap();
    let list = async |conn: &mut sqlx::PgConnection, queue, take| {
        let filter = Filter::new(State::Dead, &[queue]);
        inspect::list(conn, &filter, None, take).await.unwrap()
    };
    let dead = list(&mut conn, queue::EMAIL, 10).await.jobs;
    assert_eq!(dead.len(), 2);
    assert!(
        dead.iter()
            .all(|job| job.last_error.as_deref() == Some("as the script says") && job.attempt == 1)
    );
    assert_eq!(list(&mut conn, queue::VIBER, 10).await.jobs, []);
    let first_page = list(&mut conn, queue::EMAIL, 1).await;
    assert!(first_page.jobs.len() == 1 && first_page.next.is_some());
    let now = Clock::system().now();
    let status = &inspect::queues(&mut conn, &[queue::EMAIL], now).await.unwrap()[0];
    assert_eq!((status.queue.as_str(), status.dead, status.processes), ("email", 2, 1));

    let ids_of: Vec<JobId> = dead.iter().map(|job| job.id).collect();
    let retried = handle::act(&mut conn, now, Act::Retry, &ids_of).await.unwrap();
    assert_eq!(retried.len(), 2);
    stage.until_state(SOON, ids[0], "done").await;
    stage.until_state(SOON, ids[1], "done").await;
    let again = handle::act(&mut conn, now, Act::Retry, &ids_of).await.unwrap();
    assert_eq!(again, [], "they are not dead");
    assert!(matches!(
        inspect::inspect(pool, JobId::new()).await,
        Err(ledger::Error::NotFound)
    ));
}

#[tokio::test]
async fn a_job_that_is_postponed_uses_up_no_attempt() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let id = stage.enqueue(&[&["postponed", "postponed", "ok"]]).await[0];
    sqlx::query("update jobs set max_attempts = 1")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes, stage.starts(id).await), (1, 0, 3));
    assert_eq!(job.last_error.as_deref(), Some("as the script says"));
}

#[tokio::test]
async fn a_job_that_keeps_failing_is_dead_when_its_attempts_are_used_up() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let id = stage.enqueue(&[&["retry"]]).await[0];
    sqlx::query("update jobs set max_attempts = 2")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let job = stage.until_state(SOON, id, "dead").await;
    assert_eq!((job.attempt, job.crashes), (2, 0));
}

#[tokio::test]
async fn jobs_whose_payload_does_not_decode_or_whose_kind_has_no_handler_are_dead_and_others_go_on() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker(4, 5);
    for (kind, payload) in [
        ("email_notification", json!({ "notification_id": 5 })),
        ("email_notification", json!(null)),
        ("of_another_release", json!({})),
    ] {
        insert(&stage, kind, payload).await;
    }
    let good = stage.enqueue(&[&["ok"]]).await[0];
    stage
        .until(SOON, "select count(*) from jobs where state = 'dead'", 3)
        .await;
    stage.until_state(SOON, good, "done").await;
    let mut conn = stage.db.pool.acquire().await.unwrap();
    let filter = Filter::new(State::Dead, &queue::ALL);
    let mut reasons: Vec<String> = inspect::list(&mut conn, &filter, None, 10)
        .await
        .unwrap()
        .jobs
        .into_iter()
        .map(|job| job.last_error.unwrap())
        .collect();
    reasons.sort();
    let undecodable = "the payload does not decode as email_notification: ";
    assert!(reasons[0].starts_with(undecodable), "{reasons:?}");
    assert!(reasons[1].starts_with(undecodable), "{reasons:?}");
    assert_eq!(
        reasons[2],
        "this release has no handler for jobs of kind of_another_release"
    );
    assert!(worker.is_running());
}

#[tokio::test]
async fn a_payload_with_fields_of_another_release_runs() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let id = NotificationId::new();
    insert(
        &stage,
        "email_notification",
        json!({ "notification_id": id, "since_release": 7 }),
    )
    .await;
    stage.until_state(SOON, id.0, "done").await;
}

/// Twelve starts of a job with ten attempts.
#[tokio::test]
async fn external_failures_use_up_no_attempt() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let mut script = vec!["postponed"; 10];
    script.extend(["held", "ok"]);
    let id = stage.enqueue(&[script.as_slice()]).await[0];
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes, stage.starts(id).await), (1, 0, 12));
}

#[tokio::test]
async fn a_job_that_is_held_up_for_too_long_is_dead_and_may_be_held_up_again_when_retried() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(4, 5);
    let id = stage
        .enqueue(&[&["postponed", "gate", "held", "postponed", "ok"]])
        .await[0];
    stage.until_started(id, 2).await;
    let sql = "update jobs set state = 'ready', process_id = null, held_since = held_since - interval '4 days'";
    sqlx::query(sql).execute(&stage.db.pool).await.unwrap();
    let job = stage.until_state(SOON, id, "dead").await;
    assert_eq!(
        job.last_error.as_deref(),
        Some("held up for too long: as the script says")
    );
    let now = Clock::system().now();
    let mut conn = stage.db.pool.acquire().await.unwrap();
    handle::act(&mut conn, now, Act::Retry, &[job.id]).await.unwrap();
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!(job.attempt, 1);
}

#[tokio::test]
async fn a_dedupe_key_lets_one_job_in() {
    let stage = Stage::new().await;
    let mut conn = stage.db.pool.acquire().await.unwrap();
    for _ in 0..2 {
        let mut new = jobs(&[NotificationId::new()]);
        new[0].dedupe_key = Some("once".to_owned());
        ledger::enqueue(&mut conn, Clock::system().now(), &Cause::default(), &new)
            .await
            .unwrap();
    }
    assert_eq!(stage.count("select count(*) from all_jobs").await, 1);
}

async fn insert(stage: &Stage, kind: &str, payload: serde_json::Value) {
    sqlx::query(
        "insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at)
         values ($1, 'email', $2, $3, now(), 5, now())",
    )
    .bind(JobId::new().0)
    .bind(kind)
    .bind(payload)
    .execute(&stage.db.pool)
    .await
    .unwrap();
}
