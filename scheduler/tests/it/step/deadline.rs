//! Deadlines of jobs that run while the clock is set.

use chrono::TimeDelta;
use ledger::claim;
use ledger::db::delivery::Begin;
use ledger::id::{JobId, ProcessId};
use ledger::scheduler::Steps;
use sqlx::{PgConnection, Row};
use testing::database::TestDb;

use super::{ahead, database, set};

/// Jobs that a worker claimed by a clock that was ahead: the leases of the first three are a minute.
const CLAIMED: &str = "
    insert into processes (id, name) values ('01a00000-0000-7000-8000-000000000001', 'email_worker 1');
    insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, attempt, process_id,
                      claimed_at, deadline_at)
    select gen_random_uuid(), 'email', kind, '{}', 'running', now(), 5, now(), 1,
           '01a00000-0000-7000-8000-000000000001'::uuid, now() + claimed, now() + deadline
    from (values ('begun', interval '30 minutes', interval '31 minutes'),
                 ('extended', interval '30 minutes', interval '31 minutes'),
                 ('not begun', interval '30 minutes', null),
                 ('20 minutes', interval '15 minutes', interval '35 minutes'),
                 ('29 minutes', interval '30 minutes', interval '59 minutes')) as job (kind, claimed, deadline)";

/// Begins the job of this kind, or extends its deadline, as its worker does.
async fn begin(db: &TestDb, kind: &str, lease: TimeDelta) {
    let sql = "select id, process_id, claimed_at from jobs where kind = $1";
    let row = sqlx::query(sql).bind(kind).fetch_one(&db.pool).await.unwrap();
    let job_id = JobId(row.get("id"));
    let begin = Begin {
        job_id,
        claimed_at: row.get("claimed_at"),
        lease,
    };
    let begun = claim::begin(&db.pool, ProcessId(row.get("process_id")), &[begin]).await;
    assert_eq!(begun.unwrap(), [job_id]);
}

/// Asserts how many seconds, give or take half a minute, the job of this kind has until its deadline.
async fn assert_left(conn: &mut PgConnection, kind: &str, expected: f64) {
    let deadline = ahead(conn, kind, "deadline_at").await;
    assert!((deadline - expected).abs() < 30.0, "{kind}: {deadline}, not {expected}");
}

#[tokio::test]
async fn a_clock_set_forward_moves_the_deadlines_of_what_was_claimed_before() {
    let db = database(
        "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, attempt, process_id,
                           claimed_at, deadline_at)
         select gen_random_uuid(), 'email', kind, '{}', 'running', now(), 5, now(), 1, gen_random_uuid(),
                now() - claimed, now() - passed
         from (values ('begun', interval '31 minutes', interval '29 minutes'),
                      ('stuck', interval '50 minutes', interval '40 minutes'),
                      ('claimed by a clock far ahead', interval '-25 minutes', interval '29 minutes'),
                      ('claimed by a clock ahead', interval '-50 seconds', interval '29 minutes'),
                      ('new', interval '-10 seconds', interval '-1 minute')) as job (kind, claimed, passed)",
    )
    .await;
    let mut conn = db.pool.acquire().await.unwrap();
    let mut steps = Steps::default();
    assert_eq!(set(&mut conn, &mut steps, TimeDelta::minutes(-30)).await, [false, true]);
    for (kind, expected) in [
        ("begun", 60.0),
        ("stuck", -2400.0),
        ("claimed by a clock far ahead", 60.0),
        ("claimed by a clock ahead", 110.0),
        ("new", 60.0),
    ] {
        assert_left(&mut conn, kind, expected).await;
    }
}

#[tokio::test]
async fn a_job_claimed_before_the_clock_was_set_back_has_its_lease_whenever_it_begins_and_is_extended() {
    let db = database(CLAIMED).await;
    let mut conn = db.pool.acquire().await.unwrap();
    let lease = TimeDelta::minutes(1);
    for kind in ["extended", "not begun"] {
        begin(&db, kind, lease).await;
        assert_left(&mut conn, kind, 60.0).await;
    }
    // Each of several schedulers corrects the step, and the worker extends the deadlines in between.
    for _ in 0..3 {
        set(&mut conn, &mut Steps::default(), TimeDelta::minutes(30)).await;
        for kind in ["begun", "extended", "not begun"] {
            assert_left(&mut conn, kind, 60.0).await;
            begin(&db, kind, lease).await;
            assert_left(&mut conn, kind, 60.0).await;
        }
    }
}

#[tokio::test]
async fn a_job_that_may_run_for_longer_than_the_clock_was_set_back_keeps_its_deadline() {
    let db = database(CLAIMED).await;
    let mut conn = db.pool.acquire().await.unwrap();
    for _ in 0..3 {
        set(&mut conn, &mut Steps::default(), TimeDelta::minutes(15)).await;
        assert_left(&mut conn, "20 minutes", 2100.0).await;
        begin(&db, "20 minutes", TimeDelta::minutes(20)).await;
        assert_left(&mut conn, "20 minutes", 2100.0).await;
    }
}

#[tokio::test]
async fn an_extension_past_the_claim_of_a_corrected_job_is_not_cut_short_by_another_scheduler() {
    let db = database(CLAIMED).await;
    let mut conn = db.pool.acquire().await.unwrap();
    set(&mut conn, &mut Steps::default(), TimeDelta::minutes(30)).await;
    assert_left(&mut conn, "29 minutes", 1740.0).await;
    // Five minutes pass. A lease from then on would end four minutes after the claim, and look like one of four.
    sqlx::raw_sql(
        "update jobs
         set claimed_at = claimed_at - interval '5 minutes', deadline_at = deadline_at - interval '5 minutes'
         where kind = '29 minutes'",
    )
    .execute(&mut *conn)
    .await
    .unwrap();
    begin(&db, "29 minutes", TimeDelta::minutes(29)).await;
    set(&mut conn, &mut Steps::default(), TimeDelta::minutes(30)).await;
    assert_left(&mut conn, "29 minutes", 3240.0).await;
}
