//! Reports whose job is dead or deleted fail, and the next of their company follow.

use testing::eventually::eventually;

use crate::report::support::{SOON, Stage};

const DAY: &str = "2027-02-01";
const NEXT: &str = "2027-02-02";

/// A file where the worker expects a folder, so that no report can be stored.
fn broken() -> tempfile::NamedTempFile {
    tempfile::NamedTempFile::new().unwrap()
}

#[tokio::test]
async fn a_report_whose_attempts_are_used_up_fails_with_the_reason_and_the_next_has_its_turn() {
    let stage = Stage::new(10).await;
    let (asked, next) = (stage.ask(DAY).await, stage.ask(NEXT).await);
    sqlx::raw_sql("update jobs set max_attempts = 1")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let _scheduler = stage.scheduler().await;
    let file = broken();
    let worker = stage.worker_of(file.path());
    let failed = stage.until_status(asked, "Failed").await;
    assert_eq!(
        failed.error_message.as_deref(),
        Some("The file store cannot be written to")
    );
    assert!(failed.ended_at.is_some());
    worker.kill().await;
    stage.age_heartbeats().await;
    let _other = stage.worker();
    stage.check(next, 0).await;
    let sql = "select request_id from all_jobs where payload ->> 'report_id' = $1";
    let cause: String = sqlx::query_scalar(sql)
        .bind(next.to_string())
        .fetch_one(&stage.db.pool)
        .await
        .unwrap();
    assert_eq!(cause, format!("asked-for-{NEXT}"));
    let again = stage.ask(DAY).await;
    assert_ne!(again, asked, "a failed one can be asked for again");
    stage.until_status(again, "Completed").await;
}

#[tokio::test]
async fn a_report_whose_worker_dies_three_times_fails_with_a_reason() {
    let stage = Stage::new(10).await;
    let asked = stage.ask(DAY).await;
    // The report is the only job of its queue: a crash beside other jobs would not be held against it.
    sqlx::raw_sql(
        "insert into schedules (name, next_at) values ('housekeeping', now() + interval '1 hour');
         insert into jobs (id, queue, kind, payload, run_at, max_attempts, created_at)
         values (gen_random_uuid(), 'report', 'report_file_check', '{}', now() + interval '50 minutes', 1, now())",
    )
    .execute(&stage.db.pool)
    .await
    .unwrap();
    let _scheduler = stage.scheduler().await;
    for crash in 1..=3 {
        let worker = stage.worker();
        // The worker is held where it records that the attempt begins.
        let mut held = stage.db.pool.begin().await.unwrap();
        sqlx::query("select from reports where id = $1 for update")
            .bind(asked.0)
            .execute(&mut *held)
            .await
            .unwrap();
        stage.until_a_worker_waits().await;
        worker.kill().await;
        held.rollback().await.unwrap();
        stage.age_heartbeats().await;
        eventually("the crash is counted", SOON, async || {
            let sql = "select crashes from all_jobs where kind = 'report_generate'";
            let crashes: i16 = sqlx::query_scalar(sql).fetch_one(&stage.db.pool).await.unwrap();
            (crashes == crash).then_some(())
        })
        .await;
    }
    let failed = stage.until_status(asked, "Failed").await;
    let words = "The report could not be made: the process that made it ended repeatedly";
    assert_eq!(failed.error_message.as_deref(), Some(words));
}

#[tokio::test]
async fn a_report_whose_job_was_canceled_fails_and_the_next_has_its_turn() {
    let stage = Stage::new(10).await;
    let (asked, next) = (stage.ask(DAY).await, stage.ask(NEXT).await);
    sqlx::raw_sql("update jobs set state = 'canceled', finished_at = now() where kind = 'report_generate'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    let _scheduler = stage.scheduler().await;
    let failed = stage.until_status(asked, "Failed").await;
    assert_eq!(
        failed.error_message.as_deref(),
        Some("The report was canceled by an operator")
    );
    let _worker = stage.worker();
    stage.check(next, 0).await;
}

#[tokio::test]
async fn a_report_whose_job_was_deleted_fails_and_one_that_waits_or_runs_does_not() {
    let stage = Stage::new(10).await;
    let (asked, next) = (stage.ask(DAY).await, stage.ask(NEXT).await);
    let _scheduler = stage.scheduler().await;
    // Several runs of the schedule find nothing wrong: each moves `next_at` on.
    let moved = async || {
        let sql = "select next_at from schedules where name = 'report_upkeep'";
        sqlx::query_scalar::<_, chrono::DateTime<chrono::Utc>>(sql)
            .fetch_optional(&stage.db.pool)
            .await
            .unwrap()
    };
    let looks = std::cell::RefCell::new(std::collections::HashSet::new());
    eventually("three looks", SOON, async || {
        let next_at = moved().await;
        looks.borrow_mut().extend(next_at);
        (looks.borrow().len() > 3).then_some(())
    })
    .await;
    for id in [asked, next] {
        assert_eq!(stage.report(id).await.status.word(), "Pending");
    }
    sqlx::raw_sql("delete from jobs where kind = 'report_generate'")
        .execute(&stage.db.pool)
        .await
        .unwrap();
    stage.until_status(asked, "Failed").await;
    assert_eq!(stage.report(next).await.status.word(), "Pending");
    let jobs = "select count(*) from all_jobs where kind = 'report_generate' and state <> 'dead'";
    let jobs: i64 = sqlx::query_scalar(jobs).fetch_one(&stage.db.pool).await.unwrap();
    assert_eq!(jobs, 1, "the next one's");
}
