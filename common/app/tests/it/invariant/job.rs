//! Jobs in states that no step leads to.

use domain::invariant::Rule;
use rstest::rstest;

use super::{broken, checked, execute, healthy, now, run_once};

/// The ready job of a schedule is the only one of its state and kind.
#[rstest]
#[case::ready_with_a_process(
    "update jobs set process_id = (select id from processes) where state = 'ready' and kind = 'order_sweep'",
    1
)]
#[case::ready_with_a_deadline(
    "update jobs set deadline_at = now() where state = 'ready' and kind = 'order_sweep'",
    1
)]
#[case::ready_after_more_attempts_than_any_job_has(
    "update jobs set attempt = max_attempts + 4 where state = 'ready' and kind = 'order_sweep'",
    1
)]
#[case::not_dead_after_three_crashes_of_its_own(
    "update jobs set crashes = 3, crashes_alone = 3
     where state in ('ready', 'sent', 'running') and kind = 'order_sweep'",
    3
)]
#[case::behind_the_backlog_of_another_queue(
    "insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at)
     select gen_random_uuid(), 'email', 'email_notification', '{}', now(), 5, now() from generate_series(1, 10001);
     update jobs set deadline_at = now() where state = 'ready' and kind = 'order_sweep'",
    1
)]
#[case::canceled_never("update jobs set state = 'canceled', finished_at = null where state = 'dead'", 1)]
#[case::done_and_waiting(
    "insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, finished_at, created_at,
                                is_urgent, tenant)
     select id, queue, kind, payload, run_at, attempt, max_attempts, crashes, now(), created_at, is_urgent, tenant
     from jobs where state = 'ready' and kind = 'order_sweep'",
    1
)]
#[case::done_and_waiting_under_one_key(
    "insert into finished_jobs (id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, finished_at,
                                created_at, is_urgent, tenant)
     select gen_random_uuid(), queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, now(), created_at,
            is_urgent, tenant
     from jobs where kind = 'email_notification'",
    1
)]
#[case::done_twice(
    "insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, finished_at, created_at,
                                is_urgent, tenant)
     select '01a00000-0000-7000-8000-000000000001', queue, kind, payload, run_at, attempt, max_attempts, crashes,
            now() - n * interval '1 second', created_at, is_urgent, tenant
     from jobs, generate_series(1, 2) as n where state = 'ready' and kind = 'order_sweep'",
    1
)]
#[case::done_twice_under_one_key(
    "insert into finished_jobs (id, queue, kind, payload, dedupe_key, run_at, attempt, max_attempts, crashes, finished_at,
                                created_at, is_urgent, tenant)
     select gen_random_uuid(), queue, kind, payload, 'twice', run_at, attempt, max_attempts, crashes, now(), created_at,
            is_urgent, tenant
     from jobs, generate_series(1, 2) where state = 'ready' and kind = 'order_sweep'",
    2
)]
#[case::in_unknown_queues(
    "insert into jobs (id, queue, kind, payload, state, run_at, max_attempts, created_at, sent_at, epoch)
     select gen_random_uuid(), queue, 'parcel', '{}', state, now() - interval '1 hour', 5, now(), now() - interval '1 hour',
            gen_random_uuid()
     from unnest(array['ready', 'sent']) as state, unnest(array['a', 'parcels', 'zzz']) as queue",
    6
)]
#[tokio::test]
async fn an_impossible_job_is_counted(#[case] sql: &'static str, #[case] expected: usize) {
    let (db, _) = healthy().await;
    execute(&db, sql).await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, [(Rule::JobStateImpossible, expected)]);
    assert_eq!(
        checked(&db).await,
        [(Rule::JobStateImpossible, expected)],
        "the look at everything finds the same"
    );
}

/// Crashes beside other jobs prove nothing: they cost a job three attempts more than its kind has.
#[tokio::test]
async fn a_job_that_crashed_beside_others_may_still_wait() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "update jobs set attempt = max_attempts + 3, crashes = 5, crashes_alone = 2
         where state = 'ready' and kind = 'order_sweep'",
    )
    .await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, []);
}

/// During an upgrade, programs of the next release write jobs for a queue that the relays do not know yet; a job that is
/// not due waits anyway.
#[tokio::test]
async fn a_new_queue_and_a_finished_job_of_the_same_kind_are_no_violations() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at)
         select gen_random_uuid(), 'parcels', 'parcel', '{}', now() + n * interval '10 minutes', 5, now()
         from generate_series(-1, 1) as n;
         insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, finished_at, created_at,
                                    is_urgent, tenant)
         select gen_random_uuid(), queue, kind, payload, run_at, attempt, max_attempts, crashes, now(), created_at, is_urgent,
                tenant
         from jobs, generate_series(1, 2) where state = 'ready' and kind = 'order_sweep'",
    )
    .await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, []);
}
