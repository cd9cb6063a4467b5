//! A finished job moves from `jobs` to `finished_jobs`: once, even under concurrent changes, and it can still be found.

use app::jobs::email_notification::EmailNotification;
use chrono::{DateTime, TimeDelta, Utc};
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::db::delivery::{self, Settlement, settle, settle_late};
use ledger::db::handling;
use ledger::id::{JobId, ProcessId};
use ledger::{Cause, NewJob, Verdict, inspect};
use sqlx::PgConnection;
use testing::database::TestDb;
use testing::eventually::eventually;
use uuid::Uuid;

use crate::guarantees::support::{SOON, jobs};

/// A database with a process that holds jobs, each in its first attempt.
struct Held {
    db: TestDb,
    process_id: ProcessId,
    claimed_at: DateTime<Utc>,
    ids: Vec<JobId>,
}

impl Held {
    async fn new(jobs_held: usize) -> Self {
        let db = TestDb::new().await;
        let mut conn = db.pool.acquire().await.unwrap();
        let notifications: Vec<_> = (0..jobs_held).map(|_| NotificationId::new()).collect();
        let new: Vec<NewJob> = jobs(&notifications)
            .into_iter()
            .zip(&notifications)
            .map(|(job, id)| job.with_key(id.to_string()))
            .collect();
        let cause = Cause::new(Some("req-1".to_owned()), None);
        ledger::enqueue(&mut conn, Clock::system().now(), &cause, &new)
            .await
            .unwrap();
        let process_id = ProcessId::new();
        ledger::db::process::insert(&mut conn, process_id, "email_worker 1")
            .await
            .unwrap();
        let held =
            "update jobs set state = 'running', attempt = 1, process_id = $1, claimed_at = now(), sent_at = now(),
                           deadline_at = now() + interval '1 minute' returning id, claimed_at";
        let claims: Vec<(Uuid, DateTime<Utc>)> = sqlx::query_as(held)
            .bind(process_id.0)
            .fetch_all(&mut *conn)
            .await
            .unwrap();
        let (mut ids, times): (Vec<Uuid>, Vec<_>) = claims.into_iter().unzip();
        ids.sort_unstable();
        drop(conn);
        Self {
            db,
            process_id,
            claimed_at: times[0],
            ids: ids.into_iter().map(JobId).collect(),
        }
    }

    async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.db.pool).await.unwrap()
    }

    /// How many rows each of the two tables has.
    async fn tables(&self) -> (i64, i64) {
        (
            self.count("select count(*) from jobs").await,
            self.count("select count(*) from finished_jobs").await,
        )
    }

    async fn settle(&self, conn: &mut PgConnection, verdicts: Vec<Verdict>) -> u64 {
        let settlements = self.settlements(verdicts);
        settle(conn, self.process_id, Clock::system().now(), &settlements)
            .await
            .unwrap()
    }

    fn settlements(&self, verdicts: Vec<Verdict>) -> Vec<Settlement> {
        let settlement = |(job_id, verdict): (&JobId, Verdict)| Settlement {
            job_id: *job_id,
            claimed_at: self.claimed_at,
            verdict,
        };
        self.ids.iter().zip(verdicts).map(settlement).collect()
    }

    /// Waits until a transaction waits for a lock that another one holds.
    async fn until_one_waits(&self) {
        eventually("a transaction that waits", SOON, async || {
            let waits = "select count(*) from pg_stat_activity
                         where datname = current_database() and wait_event_type = 'Lock'";
            (self.count(waits).await == 1).then_some(())
        })
        .await;
    }
}

#[tokio::test]
async fn finished_jobs_move_and_all_others_stay() {
    let held = Held::new(4).await;
    let run_at = Clock::system().now() + TimeDelta::minutes(5);
    let reason = "not now".to_owned();
    let verdicts = vec![
        Verdict::Done,
        Verdict::Again {
            run_at,
            reason: reason.clone(),
        },
        Verdict::Dead { reason },
        Verdict::Done,
    ];
    let mut conn = held.db.pool.acquire().await.unwrap();
    assert_eq!(held.settle(&mut conn, verdicts.clone()).await, 4);
    assert_eq!(held.tables().await, (2, 2));
    let states = async |id: JobId| inspect::inspect(&held.db.pool, id).await.unwrap().state;
    for (id, state) in held.ids.iter().zip(["done", "ready", "dead", "done"]) {
        assert_eq!(states(*id).await, state);
    }
    let done = inspect::inspect(&held.db.pool, held.ids[0]).await.unwrap();
    assert_eq!((done.attempt, done.request_id.as_deref()), (1, Some("req-1")));
    assert!(done.finished_at >= done.claimed_at && done.process_id.is_none());
    // It is found by its id, its key and its request.
    let key = done.dedupe_key.unwrap();
    let told = ledger::db::story::jobs(&mut conn, &[held.ids[3].0], &[key], Some("req-1"), 50)
        .await
        .unwrap();
    assert_eq!(told.len(), 4);
    // A second settlement finds nothing.
    assert_eq!(held.settle(&mut conn, verdicts).await, 0);
    assert_eq!(held.tables().await, (2, 2));
}

#[tokio::test]
async fn a_job_that_was_taken_from_its_process_is_not_settled_by_it() {
    let held = Held::new(1).await;
    let mut reclaim = held.db.pool.begin().await.unwrap();
    sqlx::query("update jobs set state = 'ready', process_id = null, deadline_at = null")
        .execute(&mut *reclaim)
        .await
        .unwrap();
    let settling = async {
        let mut conn = held.db.pool.acquire().await.unwrap();
        held.settle(&mut conn, vec![Verdict::Done]).await
    };
    let committing = async {
        held.until_one_waits().await;
        reclaim.commit().await.unwrap();
    };
    let (recorded, ()) = tokio::join!(settling, committing);
    assert_eq!(recorded, 0);
    assert_eq!(held.tables().await, (1, 0));
}

#[tokio::test]
async fn a_job_that_is_canceled_is_not_done_late_and_one_that_is_done_is_not_canceled() {
    let held = Held::new(2).await;
    let now = Clock::system().now();
    let lost = "insert into job_losses (job_id, attempt, process_id, is_crash, is_alone)
                select id, 1, process_id, true, true from jobs;
                update jobs set state = 'ready', process_id = null, deadline_at = null";
    sqlx::raw_sql(lost).execute(&held.db.pool).await.unwrap();
    let late = |id: JobId| {
        [Settlement {
            job_id: id,
            claimed_at: held.claimed_at,
            verdict: Verdict::Done,
        }]
    };

    let mut cancel = held.db.pool.begin().await.unwrap();
    let canceled = handling::cancel(&mut cancel, now, &held.ids[..1], &["ready"])
        .await
        .unwrap();
    assert_eq!(canceled, held.ids[..1]);
    let settling = async {
        let mut conn = held.db.pool.acquire().await.unwrap();
        settle_late(&mut conn, held.process_id, now, &late(held.ids[0]))
            .await
            .unwrap()
    };
    let committing = async {
        held.until_one_waits().await;
        cancel.commit().await.unwrap();
    };
    let (recorded, ()) = tokio::join!(settling, committing);
    assert_eq!((recorded, held.tables().await), (0, (2, 0)));

    let mut settling = held.db.pool.begin().await.unwrap();
    let recorded = settle_late(&mut settling, held.process_id, now, &late(held.ids[1])).await;
    assert_eq!(recorded.unwrap(), 1);
    let mut conn = held.db.pool.acquire().await.unwrap();
    let canceled = handling::cancel(&mut conn, now, &held.ids[1..], &["ready"])
        .await
        .unwrap();
    assert_eq!(canceled, []);
    settling.commit().await.unwrap();
    let canceled = handling::cancel(&mut conn, now, &held.ids[1..], &["ready"])
        .await
        .unwrap();
    assert_eq!((canceled.len(), held.tables().await), (0, (1, 1)));
}

#[tokio::test]
async fn a_day_without_a_partition_keeps_no_job_from_being_settled() {
    let held = Held::new(3).await;
    let mut conn = held.db.pool.acquire().await.unwrap();
    let someday = Clock::system().now() + TimeDelta::days(400);
    let settlements = held.settlements(vec![Verdict::Done; 3]);
    sqlx::query("update jobs set queue = 'geo' where id = $1")
        .bind(held.ids[0].0)
        .execute(&mut *conn)
        .await
        .unwrap();
    let recorded = settle(&mut conn, held.process_id, someday, &settlements).await.unwrap();
    assert_eq!((recorded, held.tables().await), (3, (0, 3)));
    let other = held.count("select count(*) from finished_jobs_other_default").await;
    let geo = held.count("select count(*) from finished_jobs_geo_default").await;
    assert_eq!((geo, other), (1, 2));
}

async fn enqueue_again(conn: &mut PgConnection, key: &str) {
    let notification_id = NotificationId::new();
    let job = NewJob::new(&EmailNotification { notification_id }, Clock::system().now()).unwrap();
    ledger::enqueue(conn, Clock::system().now(), &Cause::default(), &[job.with_key(key)])
        .await
        .unwrap();
}

#[tokio::test]
async fn the_key_of_a_job_that_is_done_is_taken() {
    let held = Held::new(1).await;
    let key: String = sqlx::query_scalar("select dedupe_key from jobs")
        .fetch_one(&held.db.pool)
        .await
        .unwrap();
    // While the job is being settled, a transaction that writes another job with the same key waits.
    let mut settling = held.db.pool.begin().await.unwrap();
    assert_eq!(held.settle(&mut settling, vec![Verdict::Done]).await, 1);
    let writing = async {
        let mut tx = held.db.pool.begin().await.unwrap();
        enqueue_again(&mut tx, &key).await;
        tx.commit().await.unwrap();
    };
    let committing = async {
        held.until_one_waits().await;
        settling.commit().await.unwrap();
    };
    tokio::join!(writing, committing);
    assert_eq!(held.tables().await, (0, 1));
    // And afterwards the key is still taken. Other keys are free.
    let mut conn = held.db.pool.acquire().await.unwrap();
    enqueue_again(&mut conn, &key).await;
    assert_eq!(held.tables().await, (0, 1));
    enqueue_again(&mut conn, "another").await;
    assert_eq!(held.tables().await, (1, 1));
}

#[tokio::test]
async fn an_entry_of_redis_that_is_left_over_claims_nothing() {
    let held = Held::new(1).await;
    let mut conn = held.db.pool.acquire().await.unwrap();
    held.settle(&mut conn, vec![Verdict::Done]).await;
    let left = ledger::delivery::Delivery {
        job_id: held.ids[0],
        attempt: 1,
    };
    let claimed = delivery::claim(&mut conn, held.process_id, &[left]).await.unwrap();
    assert!(claimed.is_empty());
}
