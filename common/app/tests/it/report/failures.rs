//! Attempts that fail: the reason is stated in words, the next attempt may succeed.

use app::report::{self, Generated, ReportGenerator};
use db::error::chain;
use figment::providers::Serialized;
use testing::port;

use crate::report::moody::Mood;
use crate::report::support::{Stage, storage};

/// An attempt fails for this reason, and the next one makes the report all the same.
async fn fails_and_recovers(stage: &Stage, generator: &ReportGenerator, words: &str) -> String {
    let asked = stage.ask().await;
    let error = report::generate(generator, asked).await.unwrap_err();
    assert_eq!(error.words(), words, "{}", chain(&error));
    let failed = stage.report(asked).await;
    assert_eq!(
        (failed.status.word(), failed.error_message.as_deref(), failed.object_key),
        ("Processing", Some(words), None)
    );
    assert_eq!(
        report::generate(&stage.generator(), asked).await.unwrap(),
        Generated::Now
    );
    assert_eq!(stage.report(asked).await.error_message, None);
    stage.the_file(asked).await;
    chain(&error)
}

#[tokio::test]
async fn a_store_that_is_full_from_the_start() {
    let stage = Stage::new().await;
    fails_and_recovers(&stage, &stage.moody(Mood::Full { after: 0 }), "The file store is full").await;
}

#[tokio::test]
async fn a_store_that_fills_up_half_way() {
    let stage = Stage::crowded(60_000).await;
    fails_and_recovers(&stage, &stage.moody(Mood::Full { after: 1 }), "The file store is full").await;
}

#[tokio::test]
async fn a_store_that_does_not_answer() {
    let stage = Stage::new().await;
    let generator = stage.moody(Mood::Silent);
    fails_and_recovers(&stage, &generator, "The file store did not answer in time").await;
}

#[tokio::test]
async fn a_store_that_cannot_be_reached() {
    let stage = Stage::new().await;
    let nobody = port::free();
    let s3 = storage(|figment| {
        figment
            .merge(Serialized::default("storage_url", "s3://reports"))
            .merge(Serialized::default("storage_endpoint", format!("http://{nobody}")))
            .merge(Serialized::default("storage_access_key", "AKIATEST"))
            .merge(Serialized::default("storage_secret_key", "hunter2hunter2"))
    });
    let cause = fails_and_recovers(&stage, &stage.generator_with(s3), "The file store could not be reached").await;
    assert!(!cause.contains("hunter2"), "{cause}");
}

#[tokio::test]
async fn a_path_that_is_not_a_folder() {
    let stage = Stage::new().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    let url = format!("file://{}/reports", file.path().display());
    let broken = storage(|figment| figment.merge(Serialized::default("storage_url", url)));
    fails_and_recovers(
        &stage,
        &stage.generator_with(broken),
        "The file store cannot be written to",
    )
    .await;
}

#[tokio::test]
async fn orders_that_cannot_be_read() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    let rename = async |sql| sqlx::raw_sql(sql).execute(stage.pool()).await.unwrap();
    rename("alter table stop_names rename to lost").await;
    let error = report::generate(&stage.generator(), asked).await.unwrap_err();
    assert!(chain(&error).contains("stop_names"), "{}", chain(&error));
    let failed = stage.report(asked).await;
    assert_eq!(failed.error_message.as_deref(), Some("The orders could not be read"));
    rename("alter table lost rename to stop_names").await;
    assert_eq!(
        report::generate(&stage.generator(), asked).await.unwrap(),
        Generated::Now
    );
    stage.the_file(asked).await;
}

#[tokio::test]
async fn an_unknown_zone() {
    let stage = Stage::new().await;
    let asked = stage.ask().await;
    sqlx::raw_sql("update companies set time_zone = 'Europe/Atlantis'")
        .execute(stage.pool())
        .await
        .unwrap();
    let error = report::generate(&stage.generator(), asked).await.unwrap_err();
    assert_eq!(error.words(), "The report could not be written");
    assert!(chain(&error).contains("Atlantis"));
}
