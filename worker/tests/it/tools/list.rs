//! Lists, counts and single jobs.

use std::time::Duration;

use apalis_core::backend::{
    FetchById, Filter, ListAllTasks, ListQueues, ListTasks, ListWorkers, Metrics, Reschedule, Statistic,
};
use apalis_core::task::Task;
use apalis_core::task::status::Status;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::clock::Clock;
use ledger::tool::StoredJob;
use testing::database::TestDb;
use testing::eventually::eventually;

use super::{board, job};
use crate::guarantees::support::{SOON, Stage};

fn filter(status: Option<Status>, page: u32, page_size: u32) -> Filter {
    Filter {
        status,
        page,
        page_size: Some(page_size),
    }
}

fn ids(tasks: &[Task<StoredJob>]) -> Vec<String> {
    tasks
        .iter()
        .map(|task| task.ctx().task_id().unwrap().to_string())
        .collect()
}

fn values(statistics: &[Statistic]) -> Vec<(&str, &str)> {
    statistics
        .iter()
        .map(|statistic| (statistic.title.as_str(), statistic.value.as_str()))
        .collect()
}

#[tokio::test]
async fn each_state_is_a_status_in_its_own_order() {
    let db = TestDb::new().await;
    let states = [
        ("ready", Status::Pending),
        ("sent", Status::Queued),
        ("running", Status::Running),
        ("done", Status::Done),
        ("dead", Status::Killed),
    ];
    for (state, status) in states {
        let old = job(&db, "email", state, 20).await;
        let new = job(&db, "email", state, 10).await;
        let other = job(&db, "viber", state, 15).await;
        let is_in_turn = matches!(state, "ready" | "sent");
        let order = |mut ids: Vec<String>| {
            if !is_in_turn {
                ids.reverse();
            }
            ids
        };
        let board = board(&db.pool);
        let of_queue = board.list_tasks(&filter(Some(status.clone()), 1, 10)).await.unwrap();
        assert_eq!(ids(&of_queue), order(vec![old.clone(), new.clone()]), "{state}");
        assert!(of_queue.iter().all(|task| task.ctx().status() == status), "{state}");
        let of_all = board.list_all_tasks(&filter(Some(status), 1, 10)).await.unwrap();
        assert_eq!(ids(&of_all), order(vec![old, other, new]), "{state}");
    }
    let failed = board(&db.pool).list_tasks(&filter(Some(Status::Failed), 1, 10)).await;
    assert!(failed.unwrap().is_empty());
}

#[tokio::test]
async fn pages_follow_each_other_whatever_number_is_asked_for() {
    let db = TestDb::new().await;
    let mut written = Vec::new();
    for age in (0..5).rev() {
        written.push(job(&db, "email", "done", age).await);
    }
    written.reverse();
    let board = board(&db.pool);
    for status in [None, Some(Status::Done)] {
        let page = async |page| ids(&board.list_tasks(&filter(status.clone(), page, 2)).await.unwrap());
        assert_eq!(page(1).await, written[..2]);
        assert_eq!(page(2).await, written[2..4]);
        assert_eq!(page(3).await, written[4..]);
        assert_eq!(page(4).await, <[String; 0]>::default());
        // Page 0 counts as the first page.
        assert_eq!(page(0).await, written[..2]);
        assert_eq!(page(u32::MAX).await, <[String; 0]>::default());
    }
    let everything = board.list_tasks(&filter(None, 1, u32::MAX)).await.unwrap();
    assert_eq!(ids(&everything), written);
}

#[tokio::test]
async fn a_job_is_shown_with_what_the_ledger_knows_of_it() {
    let db = TestDb::new().await;
    let dead = job(&db, "email", "dead", 0).await;
    let of_viber = job(&db, "viber", "dead", 0).await;
    let mut board = board(&db.pool);
    let task = board
        .fetch_by_id(&dead.as_str().try_into().unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(task.args.kind, "email_notification");
    let ctx = task.ctx();
    assert_eq!((ctx.attempt(), ctx.max_attempts()), (2, Some(5)));
    assert_eq!(ctx.queue().unwrap().to_string(), "email");
    assert_eq!(ctx.metadata().get("last_error"), Some("as the test says"));
    assert_eq!(ctx.metadata().get("request_id"), Some("the request"));
    assert!(ctx.done_at().is_some());
    assert_eq!(ctx.lock_at(), None);
    for unknown in [of_viber.as_str(), "job_1", "7", "no id at all"] {
        let found = board.fetch_by_id(&unknown.try_into().unwrap()).await.unwrap();
        assert!(found.is_none(), "{unknown}");
    }
}

#[tokio::test]
async fn a_job_that_waits_can_be_rescheduled_and_no_other() {
    let db = TestDb::new().await;
    let (ready, running) = (
        job(&db, "email", "ready", 0).await,
        job(&db, "email", "running", 0).await,
    );
    let mut board = board(&db.pool);
    let mut fetch = async |id: &str| board.fetch_by_id(&id.try_into().unwrap()).await.unwrap().unwrap();
    let (ready, running) = (fetch(&ready).await, fetch(&running).await);
    let before = Clock::system().now();
    board.reschedule(ready.clone(), Duration::from_secs(60)).await.unwrap();
    let run_at: DateTime<Utc> = sqlx::query_scalar("select run_at from jobs where state = 'ready'")
        .fetch_one(&db.pool)
        .await
        .unwrap();
    assert!(run_at >= before + TimeDelta::seconds(60), "{run_at}");
    let error = board.reschedule(running, Duration::from_secs(60)).await.unwrap_err();
    assert_eq!(error.to_string(), "the job was not found");
    let error = board.reschedule(ready, Duration::from_secs(3601)).await.unwrap_err();
    assert_eq!(error.to_string(), "a job cannot be due more than an hour from now");
}

#[tokio::test]
async fn queues_and_statistics_count_each_state() {
    let db = TestDb::new().await;
    for state in ["ready", "ready", "sent", "running", "done", "dead"] {
        job(&db, "email", state, 0).await;
    }
    job(&db, "viber", "dead", 0).await;
    // Finished too long ago to be counted.
    job(&db, "email", "done", 3700).await;
    let board = board(&db.pool);
    let counts = |ready, sent, running, dead, done| {
        [
            ("Ready", ready),
            ("Sent", sent),
            ("Running", running),
            ("Dead", dead),
            ("Done within an hour", done),
        ]
    };
    let of_email = counts("2", "1", "1", "1", "1");
    assert_eq!(values(&board.fetch_by_queue().await.unwrap()), of_email);
    assert_eq!(values(&board.global().await.unwrap()), counts("2", "1", "1", "2", "1"));
    let queues = board.list_queues().await.unwrap();
    let names: Vec<&str> = queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(names, ["email", "viber", "sweep", "report", "geo", "timetable"]);
    assert_eq!(values(&queues[0].stats), of_email);
    assert_eq!(values(&queues[1].stats), counts("0", "0", "0", "1", "0"));
}

#[tokio::test]
async fn a_count_that_stops_says_so() {
    let db = TestDb::new().await;
    sqlx::query(
        "insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at)
         select gen_random_uuid(), 'email', 'email_notification', '{}', now(), 5, now() from generate_series(1, 10001)",
    )
    .execute(&db.pool)
    .await
    .unwrap();
    let statistics = board(&db.pool).global().await.unwrap();
    assert_eq!(values(&statistics)[0], ("Ready", "10000+"));
}

#[tokio::test]
async fn worker_processes_are_listed_while_they_live() {
    let stage = Stage::new().await;
    let worker = stage.worker(1, 5);
    let board = board(&stage.db.pool);
    let workers = eventually("a worker", SOON, async || {
        Some(board.list_workers().await.unwrap()).filter(|workers| workers.len() == 1)
    })
    .await;
    assert_eq!(workers[0].queue, "email");
    assert!(workers[0].last_heartbeat >= workers[0].started_at);
    assert_eq!(board.list_all_workers().await.unwrap().len(), 1);
    assert_eq!(board.list_queues().await.unwrap()[0].workers, [workers[0].id.clone()]);
    worker.signal("-TERM").await;
    eventually("its end", SOON, async || {
        board.list_workers().await.unwrap().is_empty().then_some(())
    })
    .await;
}
