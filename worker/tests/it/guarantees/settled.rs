//! Finished jobs are numerous; no query of the ledger's hot paths may read them.

use app::jobs::queue;
use chrono::TimeDelta;
use connect::postgres::{Commit, connect_for_workers};
use db::partition::FINISHED_JOBS;
use domain::id::NotificationId;
use kernel::clock::Clock;
use ledger::db::delivery::{self, Begin, Settlement};
use ledger::db::turn::{self, List, Share};
use ledger::db::{invariant, process, recovery, sample, story};
use ledger::delivery::Delivery;
use ledger::id::{JobId, ProcessId};
use ledger::inspect::{Filter, State};
use ledger::{Cause, NewJob, Verdict, inspect};
use sqlx::PgConnection;
use testing::database::TestDb;
use uuid::Uuid;

use crate::guarantees::support::{Stage, jobs};

/// How many finished jobs there are, all of one day.
const SETTLED: i32 = 300_000;

/// How many jobs are waiting.
const DUE: i64 = 200;

/// How many rows of finished jobs one pass may read, with some margin: two invariants read the latest 5,000.
const FEW: i64 = 11_000;

/// How many rows of the ledger this transaction has read so far.
async fn read(conn: &mut PgConnection) -> i64 {
    let sql = "select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint
               from pg_stat_xact_user_tables where relname = 'jobs' or relname like 'finished_jobs%'";
    sqlx::query_scalar(sql).fetch_one(conn).await.unwrap()
}

#[tokio::test]
async fn with_three_hundred_thousand_settled_jobs_every_look_at_the_ledger_reads_few_rows() {
    let stage = Stage::new().await;
    let today = Clock::system().now().date_naive();
    let mut tx = stage.db.pool.begin().await.unwrap();
    FINISHED_JOBS
        .make_days(&mut tx, &[today.pred_opt().unwrap(), today])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    // Ids begin with the time, as in production.
    let settled = "insert into finished_jobs (id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes,
                                              sent_at, claimed_at, finished_at, created_at, is_urgent, tenant, request_id)
        select id, 'email', 'email_notification', '{}', 'settled ' || n, at, 1, 8, 0, at, at, at, at, n % 3 = 0,
               gen_random_uuid(), 'r' || n
        from (select n, now() - n * interval '0.28 s' as at,
                     (lpad(to_hex((extract(epoch from now()) * 1000 - n * 280)::bigint), 12, '0') || '7000'
                      || '8' || lpad(to_hex(n), 15, '0'))::uuid as id
              from generate_series(1, $1) n) as old";
    sqlx::query(settled)
        .bind(SETTLED)
        .execute(&stage.db.pool)
        .await
        .unwrap();
    sqlx::raw_sql("analyze finished_jobs")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let ids: Vec<NotificationId> = (0..DUE).map(|_| NotificationId::new()).collect();
    let keyed = |(job, id): (NewJob, &NotificationId)| job.with_key(id.to_string());
    let new: Vec<NewJob> = jobs(&ids).into_iter().zip(&ids).map(keyed).collect();
    let now = Clock::system().now() + TimeDelta::seconds(1);
    let mut tx = stage.db.pool.begin().await.unwrap();
    ledger::enqueue(&mut tx, now - TimeDelta::seconds(1), &Cause::default(), &new)
        .await
        .unwrap();

    let lists: Vec<(List, Uuid)> = List::of(&queue::ALL).map(|list| (list, Uuid::nil())).collect();
    let (waiting, _) = turn::waiting(&mut tx, now, &lists, 64).await.unwrap();
    let share = |waiting: &turn::Waiting| Share {
        list: lists[waiting.place].0,
        tenant: waiting.tenant,
        jobs: DUE,
    };
    let shares: Vec<Share> = waiting.iter().map(share).collect();
    let sent = turn::send_due(&mut tx, now, Uuid::nil(), &shares).await.unwrap();
    let process_id = ProcessId::new();
    process::insert(&mut tx, process_id, "email_worker 1").await.unwrap();
    let deliveries: Vec<_> = sent.iter().map(|due| due.delivery).collect();
    let claimed = delivery::claim(&mut tx, process_id, &deliveries).await.unwrap();
    assert_eq!(claimed.len() as i64, DUE);
    let begins: Vec<Begin> = claimed
        .iter()
        .map(|job| Begin {
            job_id: job.id,
            claimed_at: job.claimed_at,
            lease: TimeDelta::seconds(30),
        })
        .collect();
    delivery::begin(&mut tx, process_id, &begins).await.unwrap();
    let settlements: Vec<Settlement> = claimed
        .iter()
        .map(|job| Settlement {
            job_id: job.id,
            claimed_at: job.claimed_at,
            verdict: Verdict::Done,
        })
        .collect();
    let recorded = delivery::settle(&mut tx, process_id, now, &settlements).await.unwrap();
    assert_eq!(recorded.cast_signed(), DUE);
    let way = read(&mut tx).await;
    assert!((DUE..20 * DUE).contains(&way), "the way of {DUE} jobs read {way} rows");

    recovery::resend_other_epochs(&mut tx, Uuid::nil()).await.unwrap();
    let horizons: Vec<_> = lists.iter().map(|(list, _)| (*list, now)).collect();
    recovery::resend_before(&mut tx, &horizons).await.unwrap();
    sample::standing(&mut tx, &queue::ALL, now).await.unwrap();
    inspect::queues(&mut tx, &queue::ALL, now).await.unwrap();
    let dead = Filter::new(State::Dead, &queue::ALL);
    inspect::errors(&mut tx, &dead).await.unwrap();
    let looks = read(&mut tx).await - way;
    assert!(
        looks < 20 * DUE,
        "recovery, gauges and what people see read {looks} rows"
    );

    let told = story::jobs(&mut tx, &[], &["settled 7".to_owned()], Some("r77777"), 50)
        .await
        .unwrap();
    assert_eq!(told.len(), 2);
    let story = read(&mut tx).await - looks - way;
    assert!(story < 20, "a story read {story} rows");

    for found in [
        invariant::sent_not_recovered(&mut tx, 10).await.unwrap(),
        invariant::running_past_deadline(&mut tx, 10).await.unwrap(),
        invariant::dead_without_error(&mut tx, 10).await.unwrap(),
        invariant::impossible(&mut tx, 10).await.unwrap(),
        invariant::twice(&mut tx, 10).await.unwrap(),
        invariant::in_unknown_queue(&mut tx, &queue::ALL, 10).await.unwrap(),
    ] {
        assert_eq!(found, Vec::<Uuid>::new());
    }
    let checked = read(&mut tx).await - story - looks - way;
    assert!(checked < FEW, "invariants read {checked} rows");
}

/// Its batches are small when there are few jobs. That is no reason to plan the statements of each.
#[tokio::test]
async fn a_worker_plans_a_statement_once_per_connection() {
    let db = TestDb::new().await;
    let pool = connect_for_workers(&db.url, Commit::DoesNotWait).await.unwrap();
    let mut conn = pool.acquire().await.unwrap();
    let unknown = Delivery {
        job_id: JobId::new(),
        attempt: 0,
    };
    for _ in 0..3 {
        let claimed = delivery::claim(&mut conn, ProcessId::new(), &[unknown]).await.unwrap();
        assert!(claimed.is_empty());
    }
    let sql = "select sum(generic_plans)::bigint, sum(custom_plans)::bigint from pg_prepared_statements
               where statement like 'update jobs%'";
    let used: (i64, i64) = sqlx::query_as(sql).fetch_one(&mut *conn).await.unwrap();
    assert_eq!(used, (3, 0));
}
