//! An operator's look at all files, at a store that answers as a test says.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use app::invariant::files::{self, FileCheck, FileCheckError};
use app::report::generate;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use clients::breaker::{BreakerSlot, TurnedAway};
use clients::storage::{Download, FileStore, StorageError, Upload};
use domain::invariant::Rule;
use domain::provider::Fault;
use storage::Storage;

use crate::report::support::Stage;

/// The size of a file, if it exists.
type Answer = Result<Option<u64>, StorageError>;

/// A store whose questions after sizes are counted.
struct Told {
    inner: Storage,
    asked: AtomicUsize,
    /// The answer to the question with this number, from 0; `None`: that of the store.
    answer: fn(usize) -> Option<Answer>,
}

#[async_trait]
impl FileStore for Told {
    async fn enter(&self) -> Result<BreakerSlot<'_>, TurnedAway> {
        self.inner.enter().await
    }

    async fn read(&self, key: &str) -> Result<Option<Download>, StorageError> {
        self.inner.read(key).await
    }

    fn upload(&self, key: &str) -> Box<dyn Upload> {
        self.inner.upload(key)
    }

    async fn remove(&self, folder: &str) -> Result<(), StorageError> {
        self.inner.remove(folder).await
    }

    async fn size(&self, key: &str) -> Result<Option<u64>, StorageError> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        match (self.answer)(number) {
            Some(answer) => answer,
            None => self.inner.size(key).await,
        }
    }

    async fn link(
        &self,
        key: &str,
        now: DateTime<Utc>,
        lifetime: TimeDelta,
    ) -> Result<(String, DateTime<Utc>), StorageError> {
        self.inner.link(key, now, lifetime).await
    }
}

/// The violations of both rules that an operator finds, and the number of questions that the store was asked.
async fn look(
    stage: &Stage,
    answer: fn(usize) -> Option<Answer>,
) -> (Result<Vec<(Rule, usize)>, FileCheckError>, usize) {
    let store = Arc::new(Told {
        inner: stage.storage(),
        asked: AtomicUsize::new(0),
        answer,
    });
    let check = FileCheck {
        pool: stage.pool().clone(),
        storage: store.clone(),
        clock: stage.clock.clone(),
    };
    let found = files::check(&check, Duration::ZERO).await;
    let found = found.map(|found| found.iter().map(|result| (result.rule, result.violations)).collect());
    (found, store.asked.load(Ordering::SeqCst))
}

/// Complete reports without files.
async fn reports(stage: &Stage, number: i32) {
    sqlx::query(
        "insert into reports (id, company_id, date_from, date_to, date_field, status, attempt, object_key, created_at,
             ended_at)
         select gen_random_uuid(), $1, '2027-01-01', '2027-01-31', 'createdAt', 'Completed', 1, 'x', $2, $2
         from generate_series(1, $3)",
    )
    .bind(stage.company().0)
    .bind(stage.clock.now())
    .bind(number)
    .execute(stage.pool())
    .await
    .unwrap();
}

#[tokio::test]
async fn a_file_that_is_back_at_the_second_look_does_not_count() {
    let stage = Stage::new().await;
    let id = stage.ask().await;
    generate(&stage.generator(), id).await.unwrap();
    let (found, asked) = look(&stage, |number| (number == 0).then_some(Ok(None))).await;
    let none = [(Rule::ReportWithoutFile, 0), (Rule::UploadWithoutFile, 0)];
    assert_eq!((found.unwrap(), asked), (none.to_vec(), 2));
    let (found, asked) = look(&stage, |number| (number < 2).then_some(Ok(None))).await;
    let one = [(Rule::ReportWithoutFile, 1), (Rule::UploadWithoutFile, 0)];
    assert_eq!((found.unwrap(), asked), (one.to_vec(), 2));
}

#[tokio::test]
async fn the_first_error_ends_the_look() {
    let stage = Stage::new().await;
    reports(&stage, 20).await;
    let (found, asked) = look(&stage, |_| {
        Some(Err(StorageError {
            words: "The file store did not answer in time",
            fault: Fault::Provider,
            source: None,
        }))
    })
    .await;
    assert!(matches!(found, Err(FileCheckError::Store(_))), "{found:?}");
    assert!(asked <= 4, "{asked}: no more than are asked at a time");
}

#[tokio::test]
async fn no_more_are_looked_for_than_are_counted() {
    let stage = Stage::new().await;
    // One more than is read at a time.
    reports(&stage, 1001).await;
    let (found, asked) = look(&stage, |_| Some(Ok(None))).await;
    let expected = [(Rule::ReportWithoutFile, 1000), (Rule::UploadWithoutFile, 0)];
    assert_eq!((found.unwrap(), asked), (expected.to_vec(), 2000), "each twice");
}
