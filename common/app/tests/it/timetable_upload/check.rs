//! Checks that are out of date or repeated, and what an undo would do.

use app::error::AppError;
use app::timetable::{ImportOptions, import};
use chrono::TimeDelta;
use domain::timetable::upload::UploadStatus;
use kernel::clock::Clock;
use testing::feed::TestFeed;
use testing::world::World;

use super::later;
use super::reasons::codes;
use super::support::Stage;
use crate::timetable_import::world;

/// The timetable with another departure of the first trip.
fn departing(time: &str) -> TestFeed {
    TestFeed::tiny().replace("stop_times.txt", "day,08:00:00,08:00:00", &format!("day,{time},{time}"))
}

#[tokio::test]
async fn what_was_checked_against_another_timetable_is_checked_again() {
    let stage = Stage::open().await;
    let old = stage.preview(&departing("08:20:00")).await.stored.id;
    stage.publish(&later()).await;
    let refused = stage.ask(old).await;
    assert!(matches!(&refused, Err(AppError::TimetableConflict(why)) if why.ends_with("check it again")));
    assert_eq!(stage.get(old).await.stored.status, UploadStatus::Ready);
    assert_eq!(stage.check_again(old).await.stored.status, UploadStatus::Ready);
    let asked = stage.ask(old).await.unwrap();
    assert_eq!(stage.run(asked).await.stored.status, UploadStatus::Published);
}

#[tokio::test]
async fn a_timetable_that_changes_before_the_job_runs_is_not_replaced_unseen() {
    let stage = Stage::open().await;
    let id = stage.preview(&later()).await.stored.id;
    let asked = stage.ask(id).await.unwrap();
    stage.clock.advance(TimeDelta::minutes(1));
    let source = departing("08:10:00").source();
    import(&stage.pool, stage.clock.now(), &source, &ImportOptions::default())
        .await
        .unwrap();
    let before = stage.on_sale().await;
    let refused = stage.run(asked).await;
    assert_eq!(refused.stored.status, UploadStatus::Refused);
    assert_eq!(codes(&refused.error_clauses), ["CHANGED_SINCE_CHECK"]);
    assert_eq!(stage.on_sale().await, before);
    let checked = stage.check_again(id).await;
    assert_eq!(
        (checked.stored.status, checked.error_clauses.len()),
        (UploadStatus::Ready, 0)
    );
    let asked = stage.ask(id).await.unwrap();
    assert_eq!(stage.run(asked).await.stored.status, UploadStatus::Published);
}

#[tokio::test]
async fn an_undo_says_what_it_would_do_and_does_it_when_published() {
    let stage = Stage::open().await;
    let before = stage.on_sale().await;
    stage.publish(&later()).await;
    let after = stage.on_sale().await;
    let checked = stage.check_undo().await;
    assert_eq!(checked.stored.status, UploadStatus::Ready);
    let report = checked.report.unwrap();
    let calls = report.counts.iter().find(|kind| kind.kind == "stop times").unwrap();
    assert_eq!((calls.counts.changed, report.unchanged), (4, false));
    assert_eq!(stage.on_sale().await, after, "a check changes nothing");
    let again = stage.check_undo().await.stored.id;
    let rows: i64 = sqlx::query_scalar("select count(*) from timetable_uploads where kind = 'Undo'")
        .fetch_one(&stage.pool)
        .await
        .unwrap();
    assert_eq!(rows, 1, "a check replaces the one before");
    let asked = stage.ask(again).await.unwrap();
    assert_eq!(stage.run(asked).await.stored.status, UploadStatus::Published);
    assert_eq!(stage.on_sale().await, before);
}

#[tokio::test]
async fn an_undo_of_a_first_timetable_would_take_it_off_sale() {
    let pool = world().await;
    let clock = Clock::manual("2026-11-21T12:00:00Z".parse().unwrap());
    let mut conn = pool.acquire().await.unwrap();
    World::new(&mut conn, clock.now()).await.company("tiny").await;
    drop(conn);
    let stage = Stage::over(pool, clock, "tiny").await;
    stage.publish(&TestFeed::tiny()).await;
    let report = stage.check_undo().await.report.unwrap();
    let trips = report.counts.iter().find(|kind| kind.kind == "trips").unwrap();
    assert_eq!((trips.counts.withdrawn, report.sold.closed.total), (2, 0));
}
