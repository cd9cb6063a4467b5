//! Generates a report, in one or several attempts: each writes an object of its own, and only the one that began last
//! may record its outcome.

use connect::postgres;
use db::report::attempt::{Begun, File};
use domain::id::ReportId;
use domain::report::{Range, attempt_folder};
use ledger::effect;

use super::admission::admit;
use super::generator::{GenerateError, ReportGenerator};
use super::write::{self, Written};
use crate::error::{AppError, AppResult, chain};

/// How an attempt ended without failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generated {
    /// The report is complete.
    Now,
    /// There was nothing to generate: the report was finished before, or does not exist.
    Before,
    /// Another attempt has begun meanwhile; this one left nothing behind.
    Overtaken,
}

/// Generates a report.
///
/// # Errors
/// See [`GenerateError`]; the reason is then in the report, unless the database has failed or nothing was tried.
pub async fn generate(generator: &ReportGenerator, id: ReportId) -> Result<Generated, GenerateError> {
    let place = generator.storage.enter().await?;
    let made = begin(generator, id).await;
    place.ended(made.as_ref().err().and_then(GenerateError::fault), None);
    made
}

async fn begin(generator: &ReportGenerator, id: ReportId) -> Result<Generated, GenerateError> {
    let begun = {
        let mut conn = generator.pool.acquire().await.map_err(AppError::from)?;
        db::report::attempt::begin(&mut conn, id, generator.clock.now()).await?
    };
    let Some(begun) = begun else {
        return Ok(Generated::Before);
    };
    remove_earlier(generator, id, &begun).await;
    match attempt(generator, id, &begun).await {
        Ok(Generated::Overtaken) => {
            remove(generator, id, &begun, begun.attempt).await;
            Ok(Generated::Overtaken)
        }
        Err(error) => {
            if let Err(silent) = note_failure(generator, id, &begun, &error).await {
                tracing::warn!(report_id = %id, error = chain(&silent), "could not record the reason of a failure");
            }
            Err(error)
        }
        made => made,
    }
}

async fn attempt(generator: &ReportGenerator, id: ReportId, begun: &Begun) -> Result<Generated, GenerateError> {
    let key = object_key(id, begun);
    let mut upload = generator.storage.upload(&key);
    let written = match write::write(generator, id, begun, upload.as_mut()).await {
        Ok(Some(written)) => written,
        ended => {
            upload.abort().await;
            return ended.map(|_| Generated::Overtaken);
        }
    };
    upload.finish().await?;
    // The file exists, and may have taken half an hour, so an unavailable database must not cause it to be written
    // again.
    Ok(effect::record("a report that was made", || {
        complete(generator, id, begun, &key, &written)
    })
    .await)
}

/// The key of the attempt's object: a folder of its own, and the file name that users see.
fn object_key(id: ReportId, begun: &Begun) -> String {
    let folder = attempt_folder(begun.company_id, id, begun.attempt);
    // The range was valid when it was stored.
    match Range::new(begun.date_from, begun.date_to) {
        Ok(range) => format!("{folder}/{}", range.file_name()),
        Err(_) => format!("{folder}/orders.csv"),
    }
}

/// Completes the report, and admits the next one of the company.
async fn complete(
    generator: &ReportGenerator,
    id: ReportId,
    begun: &Begun,
    key: &str,
    written: &Written,
) -> AppResult<Generated> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    let file = File {
        object_key: key.to_owned(),
        row_count: number(written.rows),
        size_bytes: number(written.bytes),
        sha256: written.sha256.clone(),
    };
    let now = generator.clock.now();
    let mut tx = postgres::begin(&generator.pool).await?;
    db::report::lock(&mut tx, begun.company_id).await?;
    if !db::report::attempt::complete(&mut tx, id, begun.attempt, &file, now).await? {
        return Ok(Generated::Overtaken);
    }
    admit(&mut tx, begun.company_id, generator.at_a_time, generator.new_job, now).await?;
    tx.commit().await?;
    tracing::info!(report_id = %id, rows = written.rows, bytes = written.bytes, "report completed");
    Ok(Generated::Now)
}

async fn note_failure(
    generator: &ReportGenerator,
    id: ReportId,
    begun: &Begun,
    error: &GenerateError,
) -> AppResult<()> {
    let mut conn = generator.pool.acquire().await?;
    db::report::attempt::note_failure(&mut conn, id, begun.attempt, error.words()).await
}

/// Removes what earlier attempts left that were killed or cut off. Their number is limited by the ledger, and there is
/// usually none.
async fn remove_earlier(generator: &ReportGenerator, id: ReportId, begun: &Begun) {
    for attempt in 1..begun.attempt {
        remove(generator, id, begun, attempt).await;
    }
}

/// Removes what an attempt left. If that fails, the cleanup of the whole report does it later.
async fn remove(generator: &ReportGenerator, id: ReportId, begun: &Begun, attempt: i16) {
    let folder = attempt_folder(begun.company_id, id, attempt);
    if let Err(error) = generator.storage.remove(&folder).await {
        tracing::warn!(report_id = %id, attempt, error = chain(&error), "could not delete files of an attempt");
    }
}
