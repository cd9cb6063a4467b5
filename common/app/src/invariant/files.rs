//! Checks whether the files of complete reports and the archives of uploaded timetables are in the store, and have the
//! sizes that were recorded. Their contents are not read. Run by the worker of the queue `report`, which has access to
//! the store, and, for all files, by operators.

use std::sync::Arc;
use std::time::Duration;

use clients::breaker::TurnedAway;
use clients::storage::{FileStore, StorageError};
use connect::postgres::begin;
use db::invariant::StoredFile;
use domain::invariant::Rule;
use futures::{StreamExt, TryStreamExt};
use kernel::clock::Clock;
use sqlx::PgPool;
use uuid::Uuid;

use super::Checked;
use crate::error::AppError;

/// Number of the newest reports, and of the newest uploads, that every run checks.
const NEWEST: i64 = 20;

/// Number of other reports, and of other uploads, that one run checks.
const SLICE: i64 = 40;

/// The rules, with the names of their passes.
const RULES: [(Rule, &str); 2] = [
    (Rule::ReportWithoutFile, "report_file"),
    (Rule::UploadWithoutFile, "timetable_upload_file"),
];

/// Number of reports, or of uploads, that are read at a time when all are checked.
const ROWS: i64 = 1000;

/// Maximum number of concurrent requests to the store.
const AT_A_TIME: usize = 4;

/// Why a run has no result.
#[derive(Debug, thiserror::Error)]
pub enum FileCheckError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The store fails, and nothing was tried.
    #[error(transparent)]
    TurnedAway(#[from] TurnedAway),
    /// The database.
    #[error(transparent)]
    Database(#[from] AppError),
}

impl From<sqlx::Error> for FileCheckError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// Dependencies of the check of files.
#[derive(Clone)]
pub struct FileCheck {
    /// Connections to the database.
    pub pool: PgPool,
    /// Where the files are.
    pub storage: Arc<dyn FileStore>,
    /// The time.
    pub clock: Clock,
}

/// Looks for the files of the newest reports and uploads, of a slice of the others, and of those that were missing
/// before; stores the results.
///
/// # Errors
/// See [`FileCheckError`]; the latest result of a rule that could not be checked then stays as it is.
pub async fn run(check: &FileCheck) -> Result<(), FileCheckError> {
    for (rule, pass) in RULES {
        look(check, rule, pass).await?;
    }
    Ok(())
}

async fn look(check: &FileCheck, rule: Rule, pass: &str) -> Result<(), FileCheckError> {
    let FileCheck { pool, storage, clock } = check;
    let (now, subject) = (clock.now(), rule.subject());
    let mut tx = begin(pool).await?;
    let mut rows = db::invariant::known(&mut tx, &[rule]).await?;
    super::merge(&mut rows, db::invariant::newest(&mut tx, subject, NEWEST).await?);
    super::merge(
        &mut rows,
        super::pass::advance(&mut tx, subject, pass, SLICE, now).await?,
    );
    let files = db::invariant::files(&mut tx, subject, &rows).await?;
    tx.commit().await?;
    let missing = ask(storage.as_ref(), files).await?;
    let mut conn = pool.acquire().await?;
    let before = super::results(&mut conn).await?;
    Ok(super::store(&mut conn, rule, missing, before.get(rule.name()), now).await?)
}

/// Looks for all files, and stores nothing: an operator may look from a machine where the folder of the store is another
/// one. Files that are missing are looked for again after a pause ([`super::LASTING`]), since the clean-up may be
/// removing them.
///
/// # Errors
/// See [`FileCheckError`].
pub async fn check(check: &FileCheck, pause: Duration) -> Result<Vec<Checked>, FileCheckError> {
    let mut checked = Vec::new();
    for (rule, _) in RULES {
        let mut lost = all_lost(check, rule).await?;
        if !lost.is_empty() {
            tokio::time::sleep(pause).await;
            lost = lost_among(check, rule, &lost).await?;
        }
        checked.push(Checked::new(rule, &lost, Some(check.clock.now())));
    }
    Ok(checked)
}

/// All reports or uploads whose files are missing; when there are as many as are counted, no more are looked for.
async fn all_lost(check: &FileCheck, rule: Rule) -> Result<Vec<Uuid>, FileCheckError> {
    let mut lost = Vec::new();
    let mut reached = Uuid::nil();
    loop {
        let mut conn = check.pool.acquire().await?;
        let rows = db::invariant::slice(&mut conn, rule.subject(), reached, ROWS).await?;
        drop(conn);
        let Some(last) = rows.last() else { return Ok(lost) };
        reached = *last;
        lost.extend(lost_among(check, rule, &rows).await?);
        super::cap(&mut lost);
        if lost.len() >= super::limit() {
            return Ok(lost);
        }
    }
}

/// Those of these reports or uploads whose files are missing.
async fn lost_among(check: &FileCheck, rule: Rule, rows: &[Uuid]) -> Result<Vec<Uuid>, FileCheckError> {
    let mut conn = check.pool.acquire().await?;
    let files = db::invariant::files(&mut conn, rule.subject(), rows).await?;
    drop(conn);
    ask(check.storage.as_ref(), files).await
}

/// Asks the store for these files, unless it fails.
async fn ask(storage: &dyn FileStore, files: Vec<StoredFile>) -> Result<Vec<Uuid>, FileCheckError> {
    let place = storage.enter().await?;
    let missing = missing(storage, files).await;
    place.ended(missing.as_ref().err().map(|error| error.fault), None);
    Ok(missing?)
}

/// Files that are not in the store, or have another size there than was recorded. The first error ends the look: a
/// store that hangs would take minutes for each of the others.
async fn missing(storage: &dyn FileStore, files: Vec<StoredFile>) -> Result<Vec<Uuid>, StorageError> {
    let questions = files.into_iter().map(async |file| {
        let size = storage.size(&file.key).await?;
        let expected = file.size.and_then(|size| u64::try_from(size).ok());
        let is_there = size.is_some_and(|size| expected.is_none_or(|expected| size == expected));
        Ok::<_, StorageError>((!is_there).then_some(file.id))
    });
    let answers: Vec<Option<Uuid>> = futures::stream::iter(questions)
        .buffer_unordered(AT_A_TIME)
        .try_collect()
        .await?;
    let mut missing: Vec<Uuid> = answers.into_iter().flatten().collect();
    missing.sort_unstable();
    Ok(missing)
}
