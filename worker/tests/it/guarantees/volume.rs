//! Many jobs, several schedulers, several workers.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use app::jobs::queue;
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::scheduler::{LEAST, WINDOW};
use ledger::{Cause, Priority};

use crate::guarantees::support::{SOON, Stage, jobs};

/// Jobs that were started more often than they have attempts, or tried again without an error or a crash. A machine
/// that stalls for seconds may cost an attempt; the ledger then has the reason.
const UNEXPLAINED: &str = "select count(*) from all_jobs
    left join (select id, count(*) as times from starts group by id) as started
      on 'ntf_' || replace(started.id::text, '-', '') = payload ->> 'notification_id'
    where queue = 'email' and (coalesce(times, 0) not between 1 and attempt or (attempt > 1 and last_error is null))";

const DONE: &str = "select count(*) from all_jobs where queue = 'email' and state = 'done'";

#[tokio::test]
async fn a_backlog_of_twelve_thousand_jobs_drains_while_redis_stays_small() {
    const JOBS: i64 = 12_000;
    let stage = Stage::new().await;
    let ids: Vec<NotificationId> = (0..JOBS).map(|_| NotificationId::new()).collect();
    let mut conn = stage.db.pool.acquire().await.unwrap();
    ledger::enqueue(&mut conn, Clock::system().now(), &Cause::default(), &jobs(&ids))
        .await
        .unwrap();
    let (deepest, over) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let client = redis::Client::open(stage.redis.url()).unwrap();
    let mut redis = client.get_multiplexed_async_connection().await.unwrap();
    let watch = {
        let (deepest, over) = (Arc::clone(&deepest), Arc::clone(&over));
        tokio::spawn(async move {
            while !over.load(Ordering::SeqCst) {
                let length: i64 = redis::cmd("LLEN")
                    .arg(queue::EMAIL.list(Priority::Normal))
                    .query_async(&mut redis)
                    .await
                    .unwrap();
                deepest.fetch_max(length, Ordering::SeqCst);
            }
        })
    };
    let _scheduler = stage.scheduler().await;
    stage
        .until(
            SOON,
            "select count(*) from jobs where queue = 'email' and state = 'sent'",
            LEAST,
        )
        .await;
    let _workers = [stage.worker(32, 5), stage.worker(32, 5)];
    stage.until(SOON, DONE, JOBS).await;
    over.store(true, Ordering::SeqCst);
    watch.await.unwrap();
    assert!(deepest.load(Ordering::SeqCst) <= WINDOW);
    assert_eq!(
        stage.count(UNEXPLAINED).await,
        0,
        "no job ran again unless the ledger says why"
    );
    assert_eq!(stage.count("select count(*) from effects").await, JOBS);
}

#[tokio::test]
async fn with_three_schedulers_and_two_workers_every_job_runs_once() {
    let stage = Stage::new().await;
    let _schedulers = [
        stage.scheduler().await,
        stage.scheduler().await,
        stage.scheduler().await,
    ];
    let _workers = [stage.worker(8, 5), stage.worker(8, 5)];
    for _ in 0..20 {
        stage.enqueue(&[&["ok"] as &[&str]; 50]).await;
    }
    stage.until(SOON, DONE, 1000).await;
    assert_eq!(stage.count(UNEXPLAINED).await, 0);
    assert_eq!(stage.count("select count(*) from effects").await, 1000);
}
