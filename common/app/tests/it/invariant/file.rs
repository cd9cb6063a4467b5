//! Files of reports and archives of timetables that are missing from the object store.

use std::sync::Arc;
use std::time::Duration;

use app::invariant::files::{self, FileCheck};
use app::invariant::{Checked, latest};
use app::report::generate;
use clients::storage::FileStore;
use domain::invariant::Rule;
use domain::timetable::upload::folder;
use sqlx::PgPool;
use testing::feed::TestFeed;

use crate::report::support::Stage;
use crate::timetable_upload;

async fn violations(pool: &PgPool, rule: Rule) -> Checked {
    let results = latest(pool).await.unwrap();
    results.into_iter().find(|result| result.rule == rule).unwrap()
}

#[tokio::test]
async fn an_archive_that_is_missing_is_counted() {
    let stage = timetable_upload::support::Stage::open().await;
    let kept = stage.preview(&TestFeed::tiny()).await.stored.id;
    let lost = stage.publish(&timetable_upload::later()).await.stored.id;
    // It has no archive.
    stage.undo().await;
    let check = FileCheck {
        pool: stage.pool.clone(),
        storage: stage.storage.clone(),
        clock: stage.clock.clone(),
    };
    let result = async || violations(&stage.pool, Rule::UploadWithoutFile).await;
    for _ in 0..2 {
        files::run(&check).await.unwrap();
        assert_eq!(
            (result().await.violations, result().await.checked_at),
            (0, Some(stage.clock.now()))
        );
    }
    stage.storage.remove(&folder(stage.company, lost)).await.unwrap();
    files::run(&check).await.unwrap();
    assert_eq!(result().await.violations, 0, "the clean-up may be removing it");
    files::run(&check).await.unwrap();
    assert_eq!(
        (result().await.violations, result().await.examples),
        (1, vec![lost.to_string()])
    );
    assert_ne!(lost, kept);
    sqlx::query("update timetable_uploads set removed_at = now() where id = $1")
        .bind(lost)
        .execute(&stage.pool)
        .await
        .unwrap();
    files::run(&check).await.unwrap();
    assert_eq!(result().await.violations, 0);
}

#[tokio::test]
async fn a_file_that_is_missing_is_counted() {
    let stage = Stage::new().await;
    let (kept, lost) = (
        stage.ask().await,
        stage
            .ask_for("2027-03-01", "2027-03-02", domain::report::DateField::CreatedAt)
            .await
            .id,
    );
    for id in [kept, lost] {
        generate(&stage.generator(), id).await.unwrap();
    }
    let check = FileCheck {
        pool: stage.pool().clone(),
        storage: Arc::new(stage.storage()),
        clock: stage.clock.clone(),
    };
    let result = async || violations(stage.pool(), Rule::ReportWithoutFile).await;
    for _ in 0..2 {
        files::run(&check).await.unwrap();
        assert_eq!(
            (result().await.violations, result().await.checked_at),
            (0, Some(stage.clock.now()))
        );
    }
    let key = stage.report(lost).await.object_key.unwrap();
    std::fs::remove_file(stage.folder.path().join(key)).unwrap();
    // An operator looks for all files, and for those that are missing twice.
    let found = files::check(&check, Duration::ZERO).await.unwrap();
    let found: Vec<(Rule, usize, Vec<String>)> = found
        .into_iter()
        .map(|result| (result.rule, result.violations, result.examples))
        .collect();
    let expected = [
        (Rule::ReportWithoutFile, 1, vec![lost.to_string()]),
        (Rule::UploadWithoutFile, 0, vec![]),
    ];
    assert_eq!(found, expected);
    assert_eq!(result().await.violations, 0, "nothing is stored");
    files::run(&check).await.unwrap();
    assert_eq!(result().await.violations, 0, "somebody may be removing it");
    files::run(&check).await.unwrap();
    assert_eq!(
        (result().await.violations, result().await.examples),
        (1, vec![lost.to_string()])
    );
    sqlx::query("update reports set removed_at = now() where id = $1")
        .bind(lost)
        .execute(stage.pool())
        .await
        .unwrap();
    files::run(&check).await.unwrap();
    assert_eq!(result().await.violations, 0);
}

#[tokio::test]
async fn a_file_that_was_cut_is_counted() {
    let stage = Stage::new().await;
    let (kept, cut) = (
        stage.ask().await,
        stage
            .ask_for("2027-03-01", "2027-03-02", domain::report::DateField::CreatedAt)
            .await
            .id,
    );
    for id in [kept, cut] {
        generate(&stage.generator(), id).await.unwrap();
    }
    let key = stage.report(cut).await.object_key.unwrap();
    std::fs::write(stage.folder.path().join(key), "").unwrap();
    let check = FileCheck {
        pool: stage.pool().clone(),
        storage: Arc::new(stage.storage()),
        clock: stage.clock.clone(),
    };
    for _ in 0..2 {
        files::run(&check).await.unwrap();
    }
    let result = violations(stage.pool(), Rule::ReportWithoutFile).await;
    assert_eq!((result.violations, result.examples), (1, vec![cut.to_string()]));
}
