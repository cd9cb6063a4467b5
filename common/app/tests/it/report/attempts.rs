//! Several attempts at one report: for every way in which they end, one complete file is left, that of the last attempt
//! to start.

use std::time::Duration;

use app::report::{self, Generated};
use chrono::TimeDelta;
use domain::report::attempt_folder;
use kernel::clock::Clock;
use testing::eventually::eventually;

use crate::report::moody::Mood;
use crate::report::support::Stage;

const SOON: Duration = Duration::from_secs(60);

#[tokio::test]
async fn an_attempt_that_is_overtaken_at_the_end_leaves_the_file_of_its_successor() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    let (mood, came, gate) = Mood::gate();
    let slow = stage.moody(mood);
    let slow = tokio::spawn(async move { report::generate(&slow, asked).await });
    came.acquire().await.unwrap().forget();
    assert_eq!(
        report::generate(&stage.generator(), asked).await.unwrap(),
        Generated::Now
    );
    let before = stage.report(asked).await;
    gate.add_permits(100);
    assert_eq!(slow.await.unwrap().unwrap(), Generated::Overtaken);
    assert_eq!(stage.report(asked).await, before);
    stage.the_file(asked).await;
    assert!(before.object_key.unwrap().contains("/2/"), "the second attempt's");
}

#[tokio::test]
async fn an_attempt_that_is_overtaken_in_the_middle_ends_silently() {
    let stage = Stage::crowded(60_000).await;
    let asked = stage.ask().await;
    let (mood, came, gate) = Mood::gate();
    let slow = stage.moody(mood);
    let slow = tokio::spawn(async move { report::generate(&slow, asked).await });
    came.acquire().await.unwrap().forget();
    // Another begins, and does not get to its end.
    let mut conn = stage.pool().acquire().await.unwrap();
    let begun = db::report::attempt::begin(&mut conn, asked, Clock::system().now())
        .await
        .unwrap();
    assert_eq!(begun.unwrap().attempt, 2);
    gate.add_permits(100);
    assert_eq!(slow.await.unwrap().unwrap(), Generated::Overtaken);
    let report = stage.report(asked).await;
    assert_eq!(
        (report.status.word(), report.progress, report.object_key),
        ("Processing", 0, None)
    );
    eventually("no file is left", SOON, async || stage.files().is_empty().then_some(())).await;
    assert_eq!(
        report::generate(&stage.generator(), asked).await.unwrap(),
        Generated::Now
    );
    stage.the_file(asked).await;
}

#[tokio::test]
async fn of_attempts_that_race_one_completes_the_report() {
    let stage = Stage::crowded(3_000).await;
    let asked = stage.ask().await;
    let generator = stage.generator();
    let attempts = futures::future::join_all((0..4).map(|_| report::generate(&generator, asked))).await;
    let made: Vec<Generated> = attempts.into_iter().map(Result::unwrap).collect();
    assert_eq!(
        made.iter().filter(|made| **made == Generated::Now).count(),
        1,
        "{made:?}"
    );
    stage.the_file(asked).await;
}

#[tokio::test]
async fn what_a_killed_attempt_left_is_removed_by_the_next() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    let mut conn = stage.pool().acquire().await.unwrap();
    let begun = db::report::attempt::begin(&mut conn, asked, stage.clock.now())
        .await
        .unwrap()
        .unwrap();
    let folder = stage
        .folder
        .path()
        .join(attempt_folder(stage.company(), asked, begun.attempt));
    std::fs::create_dir_all(&folder).unwrap();
    // An upload under way, as the store calls it, and one that was finished just before the kill.
    for name in ["orders.csv#1", "orders.csv"] {
        std::fs::write(folder.join(name), "half").unwrap();
    }
    assert_eq!(
        report::generate(&stage.generator(), asked).await.unwrap(),
        Generated::Now
    );
    stage.the_file(asked).await;
}

#[tokio::test]
async fn an_attempt_that_is_cut_off_closes_its_connection_and_leaves_no_file() {
    let stage = Stage::crowded(60_000).await;
    let asked = stage.ask().await;
    let (mood, came, _gate) = Mood::gate();
    let slow = stage.moody(mood);
    let cut = tokio::spawn(async move { report::generate(&slow, asked).await });
    came.acquire().await.unwrap().forget();
    let readers = async || {
        let sql = "select count(*) from pg_stat_activity
                   where datname = current_database() and query like 'copy (with places%'";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(stage.pool()).await.unwrap()
    };
    assert_eq!(readers().await, 1, "a connection of its own");
    cut.abort();
    eventually("its connection is closed", SOON, async || {
        (readers().await == 0).then_some(())
    })
    .await;
    eventually("no file is left", SOON, async || stage.files().is_empty().then_some(())).await;
    assert_eq!(
        report::generate(&stage.generator(), asked).await.unwrap(),
        Generated::Now
    );
    stage.the_file(asked).await;
}

#[tokio::test]
async fn progress_is_seen_while_the_report_is_made() {
    let stage = Stage::crowded(60_000).await;
    let asked = stage.ask().await;
    assert_eq!(stage.report(asked).await.started_at, None);
    let (mood, came, gate) = Mood::gate();
    let slow = stage.moody(mood);
    let slow = tokio::spawn(async move { report::generate(&slow, asked).await });
    // As many parts as may be under way are, and nothing moves.
    came.acquire_many(2).await.unwrap().forget();
    // Progress is noted four times a second at most; the next chunk will find that time over.
    stage.clock.advance(TimeDelta::milliseconds(250));
    gate.add_permits(1);
    let seen = eventually("progress", SOON, async || {
        let report = stage.report(asked).await;
        (report.progress > 0).then_some(report)
    })
    .await;
    assert_eq!((seen.status.word(), seen.row_count), ("Processing", None));
    assert!(seen.progress < 100 && seen.started_at.is_some(), "{seen:?}");
    gate.add_permits(100);
    assert_eq!(slow.await.unwrap().unwrap(), Generated::Now);
    stage.the_file(asked).await;
}

#[tokio::test]
async fn a_report_that_is_finished_or_not_admitted_or_unknown_is_not_made() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    let generator = stage.generator();
    assert_eq!(report::generate(&generator, asked).await.unwrap(), Generated::Now);
    assert_eq!(report::generate(&generator, asked).await.unwrap(), Generated::Before);
    assert_eq!(
        report::generate(&generator, domain::id::ReportId::new()).await.unwrap(),
        Generated::Before
    );
    let again = stage.ask().await;
    sqlx::raw_sql("update reports set admitted_at = null")
        .execute(stage.pool())
        .await
        .unwrap();
    assert_eq!(report::generate(&generator, again).await.unwrap(), Generated::Before);
}
