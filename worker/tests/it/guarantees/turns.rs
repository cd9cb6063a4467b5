//! No tenant's job waits for the flood of another tenant, and urgent jobs do not wait for others.

use app::jobs::email_notification::EmailNotification;
use app::jobs::queue;
use chrono::TimeDelta;
use domain::id::{NotificationId, PartnerId};
use kernel::clock::Clock;
use ledger::db::turn::{self, List, Share};
use ledger::scheduler::LEAST;
use ledger::{Cause, NewJob, Priority};
use testing::eventually::eventually;
use uuid::Uuid;

use crate::guarantees::support::{SOON, Stage};

/// How many jobs a flood has; without scripts, they succeed at once.
const FLOOD: i64 = 3000;

/// A longer list has grown to suit quick workers.
const LONG: i64 = 700;

/// A list from which a hundred jobs a second are taken does not stay longer than this: half of a longer one lasts a
/// second.
const SHORT: i64 = 200;

/// How many starts may come first: those of jobs that are in the list, held by the worker, or in the batch being sent
/// when the other tenant's job comes.
const AHEAD: i64 = 3 * LEAST;

const DONE: &str = "select count(*) from all_jobs where queue = 'email' and state = 'done'";

/// Enqueues jobs of a tenant; returns the ids of the notifications that they are about.
async fn enqueue(stage: &Stage, tenant: PartnerId, priority: Priority, jobs: i64) -> Vec<NotificationId> {
    let now = Clock::system().now();
    let ids: Vec<NotificationId> = (0..jobs).map(|_| NotificationId::new()).collect();
    let job = |id: &NotificationId| {
        let job = NewJob::new(&EmailNotification { notification_id: *id }, now).unwrap();
        job.with_tenant(tenant.0).with_priority(priority)
    };
    let jobs: Vec<NewJob> = ids.iter().map(job).collect();
    let mut conn = stage.db.pool.acquire().await.unwrap();
    ledger::enqueue(&mut conn, now, &Cause::default(), &jobs).await.unwrap();
    ids
}

/// Writes the script of these jobs.
async fn script(stage: &Stage, jobs: &[NotificationId], action: &str) {
    let ids: Vec<Uuid> = jobs.iter().map(|id| id.0).collect();
    sqlx::query("insert into scripts (id, actions) select unnest($1::uuid[]), array[$2]")
        .bind(ids)
        .bind(action)
        .execute(&stage.db.pool)
        .await
        .unwrap();
}

async fn length(stage: &Stage, list: &str) -> i64 {
    stage.redis(&["LLEN", list]).await
}

/// How many jobs were started before this one.
async fn before(stage: &Stage, id: NotificationId) -> i64 {
    let sql = "select count(*) from starts where at < (select min(at) from starts where id = $1)";
    sqlx::query_scalar(sql)
        .bind(id.0)
        .fetch_one(&stage.db.pool)
        .await
        .unwrap()
}

/// Lets jobs of priority `first` fill the list and wait in the ledger, then adds one of priority `second` and starts a
/// worker. Returns how many jobs were started before that one.
async fn overtaken(first: Priority, second: Priority) -> i64 {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    enqueue(&stage, PartnerId::new(), first, FLOOD).await;
    eventually("a full list", SOON, async || {
        (length(&stage, &queue::EMAIL.list(first)).await == LEAST).then_some(())
    })
    .await;
    let other = enqueue(&stage, PartnerId::new(), second, 1).await[0];
    if first != second {
        eventually("the other job in its list", SOON, async || {
            (length(&stage, &queue::EMAIL.list(second)).await == 1).then_some(())
        })
        .await;
    }
    let _worker = stage.worker(4, 5);
    stage.until_started(other.0, 1).await;
    let before = before(&stage, other).await;
    stage.until(SOON, DONE, FLOOD + 1).await;
    before
}

#[tokio::test]
async fn a_job_of_one_tenant_does_not_wait_for_the_flood_of_another() {
    let before = overtaken(Priority::Normal, Priority::Normal).await;
    assert!((LEAST - 4..=AHEAD).contains(&before), "{before}");
}

#[tokio::test]
async fn an_urgent_job_is_taken_before_all_that_are_not() {
    let before = overtaken(Priority::Normal, Priority::Urgent).await;
    // Those in the other slots of the worker may start sooner.
    assert!(before < 4, "{before}");
}

#[tokio::test]
async fn a_job_that_is_not_urgent_gets_its_turn() {
    let before = overtaken(Priority::Urgent, Priority::Normal).await;
    assert!(before < FLOOD / 2, "{before}");
}

#[tokio::test]
async fn a_list_that_grew_with_quick_workers_is_short_soon_after_they_became_slow() {
    let stage = Stage::new().await;
    let _scheduler = stage.scheduler().await;
    let flood = enqueue(&stage, PartnerId::new(), Priority::Normal, 4 * FLOOD).await;
    script(&stage, &flood, "slow").await;
    let list = queue::EMAIL.list(Priority::Normal);
    // Takes two thirds of the list at a time, faster than any worker in a test could.
    eventually("a long list", SOON, async || {
        let length = length(&stage, &list).await;
        if length > LONG {
            return Some(());
        }
        let taken = (length * 2 / 3).to_string();
        let _: () = stage.redis(&["LTRIM", &list, &taken, "-1"]).await;
        None
    })
    .await;
    let _worker = stage.worker(4, 5);
    eventually("a short list", SOON, async || {
        (length(&stage, &list).await <= SHORT).then_some(())
    })
    .await;
    let started = stage.count("select count(*) from starts").await;
    let other = enqueue(&stage, PartnerId::new(), Priority::Normal, 1).await[0];
    stage.until_started(other.0, 1).await;
    let since = before(&stage, other).await - started;
    // What the list held, which may have been filled again, and what the worker held.
    assert!(since <= SHORT + AHEAD, "{since}");
    let waiting = stage.count("select count(*) from jobs where state = 'ready'").await;
    assert!(waiting > LONG, "the flood goes on: {waiting}");
}

#[tokio::test]
async fn with_two_hundred_thousand_due_jobs_a_turn_goes_by_index_and_reads_few_rows() {
    let stage = Stage::new().await;
    // The statistics are those of an empty table: after a flood, autovacuum comes too late.
    sqlx::raw_sql(
        "analyze jobs;
         alter table jobs set (autovacuum_enabled = false);
         insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at, tenant)
             select gen_random_uuid(), 'email', 'email_notification', '{}', now() - n * interval '1 ms', 1, now(),
                    case when n % 2000 = 0 then gen_random_uuid() else '00000000-0000-7000-8000-000000000001' end
             from generate_series(1, 200000) n;",
    )
    .execute(&stage.db.pool)
    .await
    .unwrap();
    let mut tx = stage.db.pool.begin().await.unwrap();
    let now = Clock::system().now() + TimeDelta::seconds(1);
    let list = List {
        queue: queue::EMAIL,
        priority: Priority::Normal,
    };
    let (waiting, _) = turn::waiting(&mut tx, now, &[(list, Uuid::nil())], 64).await.unwrap();
    assert_eq!(waiting.len(), 64);
    assert!(waiting.iter().all(|waiting| waiting.is_due));
    let share = |waiting: &turn::Waiting| Share {
        list,
        tenant: waiting.tenant,
        jobs: 10,
    };
    let shares: Vec<Share> = waiting.iter().map(share).collect();
    let sent = turn::send_due(&mut tx, now, Uuid::nil(), &shares).await.unwrap();
    assert!((64..=640).contains(&sent.len()), "{}", sent.len());
    // Counts rows read by this transaction alone.
    let sql = "select coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
               from pg_stat_xact_user_tables where relname = 'jobs'";
    let read: i64 = sqlx::query_scalar(sql).fetch_one(&mut *tx).await.unwrap();
    assert!((64..2000).contains(&read), "{read} rows were read");
}
