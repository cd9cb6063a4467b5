//! PostgreSQL disappears without closing its connections: the packets of open connections are dropped, and no
//! connection breaks. New connections work, as after a failover.

use sqlx::{Postgres, Transaction};
use testing::eventually::eventually;
use testing::proxy::TestProxy;

use crate::guarantees::support::{SOON, Stage};

const SENT: &str = "select count(*) from jobs where queue = 'email' and state = 'sent'";

/// A proxy to the database of a test, and the URL that leads through it.
async fn proxied(stage: &Stage) -> (TestProxy, String) {
    let (head, rest) = stage.db.url.split_once('@').unwrap();
    let (server, database) = rest.split_once('/').unwrap();
    let (_, port) = server.rsplit_once(':').unwrap();
    let proxy = TestProxy::start(port.parse().unwrap()).await;
    let url = format!("{head}@{}/{database}", proxy.address());
    (proxy, url)
}

/// Holds every statement that changes jobs, from now on until the transaction ends. It is held while it is executed, so
/// that it then takes effect whether or not a client learns of it; a lock on the table would hold its preparation.
async fn hold(stage: &Stage) -> Transaction<'static, Postgres> {
    let mut holder = stage.db.pool.begin().await.unwrap();
    sqlx::raw_sql("select pg_advisory_xact_lock(1)")
        .execute(&mut *holder)
        .await
        .unwrap();
    let trigger = "create function hold() returns trigger language plpgsql as
                   $$ begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
                   create trigger hold before update or delete on jobs execute function hold()";
    sqlx::raw_sql(trigger).execute(&stage.db.pool).await.unwrap();
    holder
}

/// Waits until a statement like this waits for a lock, and returns its connection's process.
async fn until_waiting(stage: &Stage, pattern: &'static str) -> i32 {
    eventually(pattern, SOON, async || {
        let waiting = "select pid from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock' and query like $1";
        sqlx::query_scalar::<_, i32>(waiting)
            .bind(pattern)
            .fetch_optional(&stage.db.pool)
            .await
            .unwrap()
    })
    .await
}

/// The job is marked as sent, but the relay never learns of it.
#[tokio::test]
async fn jobs_are_sent_although_the_answers_to_a_scheduler_are_lost() {
    let stage = Stage::new().await;
    let (proxy, url) = proxied(&stage).await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    let holder = hold(&stage).await;
    let _scheduler = stage.scheduler_over(&url).await;
    until_waiting(&stage, "with picked as materialized%").await;
    proxy.silence();
    holder.rollback().await.unwrap();
    let _worker = stage.worker(4, 5);
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes), (1, 0));
}

/// The job is claimed, but its worker never learns of it: it gives the job back, and continues.
#[tokio::test]
async fn a_worker_gives_back_what_it_claimed_without_knowing() {
    let stage = Stage::new().await;
    let (proxy, url) = proxied(&stage).await;
    let scheduler = stage.scheduler().await;
    let id = stage.enqueue(&[&["ok"]]).await[0];
    stage.until(SOON, SENT, 1).await;
    // It would give the worker up, whose heartbeats are silenced as well.
    drop(scheduler);
    let holder = hold(&stage).await;
    let mut worker = stage.worker_over(&url, 4, 5);
    until_waiting(&stage, "update jobs%set state = 'running'%").await;
    proxy.silence();
    holder.rollback().await.unwrap();
    stage.until_state(SOON, id, "running").await;
    stage.until_state(SOON, id, "ready").await;
    let _scheduler = stage.scheduler().await;
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes, stage.starts(id).await), (1, 0, 1));
    assert!(worker.is_running());
}

#[tokio::test]
async fn an_outcome_whose_answer_is_lost_is_recorded_again() {
    let stage = Stage::new().await;
    let (proxy, url) = proxied(&stage).await;
    let scheduler = stage.scheduler().await;
    let mut worker = stage.worker_over(&url, 4, 5);
    let id = stage.enqueue(&[&["gate"]]).await[0];
    stage.until_started(id, 1).await;
    drop(scheduler);
    let holder = hold(&stage).await;
    stage.open_gate().await;
    let recording = until_waiting(&stage, "with gone as%").await;
    proxy.silence();
    sqlx::query("select pg_terminate_backend($1)")
        .bind(recording)
        .execute(&stage.db.pool)
        .await
        .unwrap();
    holder.rollback().await.unwrap();
    let job = stage.until_state(SOON, id, "done").await;
    assert_eq!((job.attempt, job.crashes, stage.starts(id).await), (1, 0, 1));
    assert!(worker.is_running());
}
