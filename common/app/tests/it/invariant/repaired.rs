//! What is repaired within seconds.

use chrono::TimeDelta;
use domain::invariant::Rule;
use rstest::rstest;

use super::everything::{hold_uploads, once_uploads_are_reached};
use super::{broken, checked, execute, healthy, now, run_once};

/// What is repaired within seconds counts when it lasts from one run to the next.
#[rstest]
#[case::lost_on_the_way(
    "update jobs set sent_at = now() - interval '2 minutes' where state = 'sent';
     update jobs set claimed_at = now() - interval '20 seconds' where state = 'running'",
    "update jobs set sent_at = now() where state = 'sent'",
    Rule::JobSentNotRecovered
)]
#[case::lost_on_the_way_while_another_queue_is_busy(
    "insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, sent_at, claimed_at,
                                finished_at, created_at, is_urgent, tenant)
     select gen_random_uuid(), queue, kind, payload, run_at, attempt, max_attempts, crashes,
            now() - interval '60 seconds', now() - interval '55 seconds', now() - interval '50 seconds',
            created_at, is_urgent, tenant
     from jobs where state = 'sent';
     insert into finished_jobs (id, queue, kind, payload, run_at, attempt, max_attempts, crashes, sent_at, claimed_at,
                                finished_at, created_at, is_urgent, tenant)
     select gen_random_uuid(), 'email', 'email_notification', '{}', now(), 1, 5, 0, finished_at, finished_at,
            finished_at, now(), false, '00000000-0000-0000-0000-000000000000'
     from (select now() - n * interval '1 millisecond' as finished_at from generate_series(1, 30000) as n) as done;
     update jobs set sent_at = now() - interval '2 minutes' where state = 'sent'",
    "update jobs set sent_at = now() where state = 'sent'",
    Rule::JobSentNotRecovered
)]
#[case::no_process(
    "delete from processes",
    "update jobs set state = 'ready', process_id = null, deadline_at = null where state = 'running'",
    Rule::JobRunningWithoutProcess
)]
#[case::silent_process(
    "update processes set beat_at = now() - interval '16 seconds'",
    "update processes set beat_at = now()",
    Rule::JobRunningWithoutProcess
)]
#[case::deadline(
    "update jobs set deadline_at = now() - interval '16 seconds' where state = 'running'",
    "update jobs set state = 'ready', process_id = null, deadline_at = null where state = 'running'",
    Rule::JobRunningPastDeadline
)]
#[case::sent_in_the_future(
    "update jobs set sent_at = now() + interval '30 minutes' where state = 'sent'",
    "update jobs set sent_at = now() where state = 'sent'",
    Rule::JobTimeInFuture
)]
#[case::claimed_in_the_future(
    "update jobs set claimed_at = now() + interval '30 minutes' where state = 'running'",
    "update jobs set state = 'ready', process_id = null where state = 'running'",
    Rule::JobTimeInFuture
)]
#[case::heartbeat_in_the_future(
    "update processes set beat_at = now() + interval '30 minutes'",
    "update processes set beat_at = now()",
    Rule::JobTimeInFuture
)]
#[case::report(
    "insert into reports (id, company_id, date_from, date_to, date_field, created_at, admitted_at)
     select gen_random_uuid(), id, '2026-11-01', '2026-11-30', 'createdAt', '2026-11-14T12:14:00Z', '2026-11-14T12:14:00Z'
     from companies",
    "update reports set status = 'Failed', ended_at = now(), error_message = 'no'",
    Rule::ReportWithoutJob
)]
#[case::report_of_a_canceled_job(
    "insert into reports (id, company_id, date_from, date_to, date_field, created_at, admitted_at)
     select gen_random_uuid(), id, '2026-11-01', '2026-11-30', 'createdAt', '2026-11-14T12:14:00Z', '2026-11-14T12:14:00Z'
     from companies limit 1;
     update jobs set state = 'canceled', finished_at = '2026-11-14T12:14:00Z',
         dedupe_key = (select 'report:rpt_' || replace(id::text, '-', '') from reports)
     where state = 'dead'",
    "update reports set status = 'Failed', ended_at = now(), error_message = 'no'",
    Rule::ReportWithoutJob
)]
#[case::report_that_nothing_admits(
    "insert into reports (id, company_id, date_from, date_to, date_field, created_at)
     select gen_random_uuid(), id, '2026-11-01', '2026-11-30', 'createdAt', '2026-11-14T12:14:00Z' from companies",
    "update reports set status = 'Failed', ended_at = now(), error_message = 'no'",
    Rule::ReportWithoutJob
)]
#[case::upload(
    "insert into timetable_uploads (id, company_id, status, job_key, created_at)
     select gen_random_uuid(), id, 'Checking', 'timetable_preview:none', '2026-11-14T12:14:00Z' from companies",
    "update timetable_uploads set status = 'Failed', error_message = 'no'",
    Rule::UploadWithoutJob
)]
#[case::upload_of_a_dead_job(
    "update jobs set dedupe_key = 'timetable_publish:dead', finished_at = '2026-11-14T12:14:00Z' where state = 'dead';
     update jobs set dedupe_key = 'timetable_publish:sent' where state = 'sent';
     insert into timetable_uploads (id, company_id, status, job_key, created_at)
     select gen_random_uuid(), id, 'Publishing', 'timetable_publish:' || state, '2026-11-14T12:14:00Z'
     from companies, unnest(array['dead', 'sent']) as state",
    "update timetable_uploads set status = 'Failed', error_message = 'no' where job_key like '%dead'",
    Rule::UploadWithoutJob
)]
#[tokio::test]
async fn a_lasting_violation_is_counted(#[case] sql: &'static str, #[case] repair: &'static str, #[case] rule: Rule) {
    let (db, _) = healthy().await;
    execute(&db, sql).await;
    run_once(&db, now()).await;
    assert_eq!(broken(&db).await, [], "it may be repaired yet");
    run_once(&db, now() + TimeDelta::minutes(1)).await;
    assert_eq!(broken(&db).await, [(rule, 1)]);
    assert_eq!(checked(&db).await, [(rule, 1)], "the look at everything finds the same");
    execute(&db, repair).await;
    run_once(&db, now() + TimeDelta::minutes(2)).await;
    assert_eq!(broken(&db).await, [], "it was repaired");
}

/// Jobs are looked at before uploads.
#[tokio::test]
async fn a_violation_repaired_between_two_checks_does_not_count() {
    let (db, _) = healthy().await;
    execute(
        &db,
        "update jobs set deadline_at = now() - interval '16 seconds' where state = 'running'",
    )
    .await;
    let repair = "update jobs set state = 'ready', process_id = null, deadline_at = null where state = 'running'";
    let holder = hold_uploads(&db).await;
    let (found, ()) = tokio::join!(checked(&db), once_uploads_are_reached(&db, holder, repair));
    assert_eq!(found, []);
}
