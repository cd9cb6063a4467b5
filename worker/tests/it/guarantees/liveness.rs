//! How a dead process is distinguished from a slow one, and what happens to a process that was given up but is still
//! running.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use app::jobs::queue;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::clock::Clock;
use testing::eventually::eventually;

use crate::guarantees::proxy::{Proxy, Way};
use crate::guarantees::support::{SOON, Stage};

const DONE: &str = "select count(*) from all_jobs where queue = 'email' and state = 'done'";
const PROCESSES: &str = "select count(*) from processes";

/// Terminates the connections of heartbeats, at most `limit` of them.
async fn break_heartbeats(stage: &Stage, limit: i64) {
    sqlx::query(
        "select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()
           and (query like '%pg_try_advisory_lock_shared%' or query like 'update processes set beat_at = now()%')
         limit $1",
    )
    .bind(limit)
    .execute(&stage.db.pool)
    .await
    .unwrap();
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
async fn a_process_that_was_stopped_did_not_crash() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let sleeper = stage.worker(4, 5);
    let id = stage.enqueue(&[&["hang"]]).await[0];
    stage.until_started(id, 1).await;
    sleeper.signal("-STOP").await;
    stage.age_heartbeats().await;
    let _other = stage.worker(4, 5);
    stage.until_started(id, 2).await;
    let job = stage.job(id).await;
    assert_eq!((job.attempt, job.crashes), (2, 0), "it exists, so it did not die");
    assert_eq!(
        job.last_error.as_deref(),
        Some("the process that ran it did not answer")
    );
}

/// Its connections are broken, so it looks dead. Once it can connect again, it learns that it was given up and reports
/// that it lived.
#[tokio::test]
async fn a_process_that_comes_back_takes_the_crash_of_its_jobs_back_and_ends() {
    let stage = Stage::new().await;
    let proxy = Proxy::start(&stage.db.url).await;
    let _scheduler = stage.scheduler().await;
    let mut lost = stage.worker_over(&proxy.url, 4, 5);
    let id = stage.enqueue(&[&["hang"]]).await[0];
    stage.until_started(id, 1).await;
    proxy.set(Way::Closed);
    stage.age_heartbeats().await;
    let _other = stage.worker(4, 5);
    stage.until_started(id, 2).await;
    assert_eq!(stage.job(id).await.crashes, 1, "so far nothing tells it from a death");
    proxy.set(Way::Open);
    assert!(!lost.ended().await.success());
    let job = stage.job(id).await;
    assert_eq!((job.attempt, job.crashes, job.state.as_str()), (2, 0, "running"));
}

/// Gives up every process, without any heartbeat learning of it: heartbeats never connect again.
async fn give_up_unheard(stage: &Stage, proxy: &Proxy) {
    proxy.set(Way::Slow(Duration::from_secs(3600)));
    break_heartbeats(stage, 2).await;
    sqlx::query("delete from processes")
        .execute(&stage.db.pool)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_lost_heartbeat_connection_and_slow_connecting_do_not_end_a_process_nor_its_work() {
    let stage = Stage::new().await;
    let proxy = Proxy::start(&stage.db.url).await;
    let _scheduler = stage.scheduler().await;
    let mut worker = stage.worker_over(&proxy.url, 4, 5);
    let first = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, first, "done").await;
    proxy.set(Way::Slow(Duration::from_secs(2)));
    break_heartbeats(&stage, 1).await;
    stage.enqueue(&[&["ok"] as &[&str]; 40]).await;
    stage.until(SOON, DONE, 41).await;
    assert_eq!(stage.count(PROCESSES).await, 1);
    assert!(worker.is_running());
    assert_eq!(stage.count("select sum(crashes) from all_jobs").await, 0);
}

/// No heartbeat connection can be made, but the pool works: the next claim shows that the worker was given up.
#[tokio::test]
async fn a_worker_that_was_given_up_takes_no_jobs_and_ends_though_it_cannot_beat() {
    let stage = Stage::new().await;
    let proxy = Proxy::start(&stage.db.url).await;
    let _scheduler = stage.scheduler().await;
    let mut given_up = stage.worker_over(&proxy.url, 4, 5);
    let first = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, first, "done").await;
    give_up_unheard(&stage, &proxy).await;
    let ids = stage.enqueue(&[&["ok"] as &[&str]; 20]).await;
    assert!(!given_up.ended().await.success(), "its supervisor is to start it again");
    let twin = stage.worker(4, 5);
    stage.until(SOON, DONE, 21).await;
    for id in ids {
        assert_eq!(stage.pid(id).await, twin.pid());
        assert_eq!(stage.job(id).await.attempt, 1);
    }
}

/// No job comes whose claim would show it.
#[tokio::test]
async fn an_idle_worker_that_was_given_up_ends_though_it_cannot_beat() {
    let stage = Stage::new().await;
    let proxy = Proxy::start(&stage.db.url).await;
    let scheduler = stage.scheduler().await;
    let mut given_up = stage.worker_over(&proxy.url, 4, 5);
    let first = stage.enqueue(&[&["ok"]]).await[0];
    stage.until_state(SOON, first, "done").await;
    drop(scheduler);
    give_up_unheard(&stage, &proxy).await;
    assert!(!given_up.ended().await.success(), "its supervisor is to start it again");
}

/// The scheduler and the worker both stand still, as they do when the database server does.
#[tokio::test]
async fn a_pause_of_the_database_gives_no_process_up() {
    let stage = Stage::new().await;
    let proxy = Proxy::start(&stage.db.url).await;
    let _scheduler = stage.scheduler_over(&proxy.url).await;
    let mut worker = stage.worker_over(&proxy.url, 4, 5);
    let ids = stage.enqueue(&[&["ok"], &["gate"]]).await;
    stage.until_state(SOON, ids[0], "done").await;
    stage.until_started(ids[1], 1).await;
    proxy.set(Way::Frozen);
    // The pause is what is tested here: longer than the silence after which a process is given up.
    tokio::time::sleep(Duration::from_secs(7)).await;
    stage.open_gate().await;
    proxy.set(Way::Open);
    // The handler queries the database repeatedly, and may have failed because of the pause.
    let job = stage.until_state(SOON, ids[1], "done").await;
    assert_eq!(job.crashes, 0);
    assert_eq!(
        stage.count("select count(*) from job_losses").await,
        0,
        "nothing was taken from it"
    );
    assert_eq!(stage.count(PROCESSES).await, 1);
    assert!(worker.is_running());
}

/// Without a scheduler, no process is given up.
#[tokio::test]
async fn a_worker_that_does_not_beat_is_not_counted() {
    let stage = Stage::new().await;
    let workers = async || {
        let mut conn = stage.db.pool.acquire().await.unwrap();
        let now = Clock::system().now();
        let queues = ledger::inspect::queues(&mut conn, &[queue::EMAIL], now).await.unwrap();
        queues[0].processes
    };
    let worker = stage.worker(1, 5);
    eventually("a worker", SOON, async || (workers().await == 1).then_some(())).await;
    worker.kill().await;
    stage.age_heartbeats().await;
    assert_eq!((workers().await, stage.count(PROCESSES).await), (0, 1));
}

/// The longest time between two heartbeats of the only process that are seen within eight seconds.
async fn longest_pause(stage: &Stage) -> TimeDelta {
    let (start, mut seen) = (Instant::now(), BTreeSet::<DateTime<Utc>>::new());
    while start.elapsed() < Duration::from_secs(8) {
        let sql = "select beat_at from processes";
        seen.insert(sqlx::query_scalar(sql).fetch_one(&stage.db.pool).await.unwrap());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let beats: Vec<_> = seen.into_iter().collect();
    beats.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
}

/// More than the time between two heartbeats while there are jobs, less than that while there are none.
const BETWEEN: TimeDelta = TimeDelta::milliseconds(1900);

#[tokio::test]
async fn a_worker_without_jobs_beats_half_as_often() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(1, 5);
    eventually("a worker", SOON, async || {
        (stage.count(PROCESSES).await == 1).then_some(())
    })
    .await;
    let idle = longest_pause(&stage).await;
    assert!(idle > BETWEEN, "at most {idle} between two beats");
    let id = stage.enqueue(&[&["hang"]]).await[0];
    stage.until_started(id, 1).await;
    eventually("a beat each second", SOON, async || {
        (longest_pause(&stage).await < BETWEEN).then_some(())
    })
    .await;
}

/// It takes no slot.
#[tokio::test]
async fn a_worker_with_a_suspect_beats_each_second() {
    let stage = Stage::new().await;
    let id = stage.enqueue(&[&["hang"]]).await[0];
    sqlx::query("update jobs set crashes = 2")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let _scheduler = stage.scheduler().await;
    let _worker = stage.worker(1, 5);
    stage.until_started(id, 1).await;
    eventually("a beat each second", SOON, async || {
        (longest_pause(&stage).await < BETWEEN).then_some(())
    })
    .await;
}
