//! Scheduled reports that fail permanently: the list of schedules and the numbers of the day say so.

use app::jobs::report_delivery::ReportDelivery;
use app::jobs::report_start::ReportStart;
use app::report::schedule::{self, Failure};
use chrono::TimeDelta;
use domain::report::schedule::RunFailure;
use ledger::{Job, NewJob};
use serde::Serialize;

use crate::report::desk::Desk;
use crate::report::support::cause;

/// What the list says about the last run, and how many the day counts.
async fn reported(desk: &Desk) -> (Option<Failure>, i64) {
    let (schedules, ..) = schedule::list(desk.stage.pool(), desk.stage.company(), 10, 0)
        .await
        .unwrap();
    let since = desk.stage.clock.now() - TimeDelta::days(7);
    let mut conn = desk.stage.pool().acquire().await.unwrap();
    let counted = db::report::failure::count(&mut conn, desk.stage.company(), since).await;
    let last = schedules.into_iter().next().unwrap().last;
    (last.and_then(|last| last.failure), counted.unwrap())
}

async fn enqueue<J: Job + Serialize>(desk: &Desk, job: &J, key: String) {
    let now = desk.stage.clock.now();
    let mut conn = desk.stage.pool().acquire().await.unwrap();
    let job = NewJob::new(job, now).unwrap().with_key(key);
    ledger::enqueue(&mut conn, now, &cause("due"), &[job]).await.unwrap();
}

async fn set(desk: &Desk, sql: &str) {
    let sql = sqlx::AssertSqlSafe(sql.to_owned());
    sqlx::raw_sql(sql).execute(desk.stage.pool()).await.unwrap();
}

fn because(reason: RunFailure) -> (Option<Failure>, i64) {
    (Some(Failure { reason, message: None }), 1)
}

#[tokio::test]
async fn a_report_that_is_never_asked_for_is_shown() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com"]).await;
    assert_eq!(reported(&desk).await, (None, 0));
    let run_id = desk.due(&plan).await;
    enqueue(&desk, &ReportStart { run_id }, format!("report_start:{run_id}")).await;
    assert_eq!(reported(&desk).await, (None, 0), "its job has not ended");
    set(
        &desk,
        "update jobs set state = 'dead', finished_at = now() where kind = 'report_start'",
    )
    .await;
    assert_eq!(reported(&desk).await, because(RunFailure::NotRequested));
    // After a week it is not counted any more, but still listed as failed.
    desk.stage.clock.advance(TimeDelta::days(8));
    assert_eq!(reported(&desk).await.1, 0);
    assert!(reported(&desk).await.0.is_some());
}

#[tokio::test]
async fn a_report_that_is_given_up_is_shown_with_its_reason() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com"]).await;
    let run_id = desk.due(&plan).await;
    desk.start(run_id).await;
    assert_eq!(reported(&desk).await, (None, 0));
    set(
        &desk,
        "update reports set status = 'Failed', error_message = 'The file store failed', ended_at = now()",
    )
    .await;
    let failure = Failure {
        reason: RunFailure::NotMade,
        message: Some("The file store failed".to_owned()),
    };
    assert_eq!(reported(&desk).await, (Some(failure), 1));
    set(&desk, "update report_schedules set enabled = false, next_at = null").await;
    assert_eq!(reported(&desk).await.1, 0, "a disabled schedule is not counted");
}

#[tokio::test]
async fn mails_that_are_not_written_or_not_sent_are_shown() {
    let desk = Desk::new().await;
    let plan = desk.plan(&["olena@example.com", "taras@example.com"]).await;
    let run_id = desk.made(&plan).await;
    assert_eq!(reported(&desk).await, (None, 0));
    enqueue(&desk, &ReportDelivery { run_id }, format!("report_delivery:{run_id}")).await;
    set(
        &desk,
        "update jobs set state = 'dead', finished_at = now() where kind = 'report_delivery'",
    )
    .await;
    assert_eq!(reported(&desk).await, because(RunFailure::NotMailed));
    set(&desk, "delete from jobs where kind = 'report_delivery'").await;
    assert_eq!(reported(&desk).await, (None, 0));

    let mails = desk.mails().await;
    desk.send(mails[0]).await.unwrap();
    let dead =
        "update jobs set state = 'dead', finished_at = now() where kind = 'report_mail' and payload ->> 'mail_id' = ";
    set(&desk, &format!("{dead} '{}'", mails[0])).await;
    assert_eq!(reported(&desk).await, (None, 0), "it had left before");
    set(&desk, &format!("{dead} '{}'", mails[1])).await;
    assert_eq!(reported(&desk).await, because(RunFailure::NotMailed));
}
