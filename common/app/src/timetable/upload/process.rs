//! Runs the jobs of an upload and records their outcomes in its row. Each attempt has a number, and only the one that
//! began last may record its outcome. The work of an attempt is in [`super::attempt`].

use db::timetable::upload::attempt::{self, Why};
use domain::id::TimetableUploadId;
use domain::timetable::upload::{UploadPhase, UploadStatus};
use tokio::sync::watch;

use super::super::progress::ImportProgress;
use super::attempt::Attempt;
use super::importer::{Ended, TimetableError, TimetableImporter, stored};
use super::report::{UploadReport, cut, said};
use crate::error::chain;

/// How an attempt ended without failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// It was previewed or published.
    Now,
    /// The feed cannot be used; the reason is stored with the upload.
    Refused,
    /// There was nothing to do: the work was done before, or the upload does not exist.
    Before,
    /// Another attempt has begun meanwhile; this one changed nothing.
    Overtaken,
}

/// Previews the publication of an upload.
///
/// # Errors
/// See [`TimetableError`]; the reason is then in the upload, unless the database has failed or nothing was tried.
pub async fn preview(importer: &TimetableImporter, id: TimetableUploadId) -> Result<Processed, TimetableError> {
    run(importer, id, UploadStatus::Checking).await
}

/// Publishes an upload, or the timetable that was published before.
///
/// # Errors
/// As [`preview`].
pub async fn publish(importer: &TimetableImporter, id: TimetableUploadId) -> Result<Processed, TimetableError> {
    run(importer, id, UploadStatus::Publishing).await
}

async fn run(
    importer: &TimetableImporter,
    id: TimetableUploadId,
    status: UploadStatus,
) -> Result<Processed, TimetableError> {
    let place = importer.storage.enter().await?;
    let processed = begin(importer, id, status).await;
    place.ended(processed.as_ref().err().and_then(TimetableError::fault), None);
    processed
}

async fn begin(
    importer: &TimetableImporter,
    id: TimetableUploadId,
    status: UploadStatus,
) -> Result<Processed, TimetableError> {
    let Some(begun) = attempt::begin(&mut *importer.pool.acquire().await?, id, status).await? else {
        return Ok(Processed::Before);
    };
    let (progress, phases) = ImportProgress::observed();
    let attempt = Attempt {
        importer,
        id,
        begun: &begun,
        progress,
    };
    let ended = tokio::select! {
        ended = attempt.work(status) => ended,
        never = tell(importer, id, begun.attempt, phases) => match never {},
    };
    let mut conn = importer.pool.acquire().await?;
    match ended {
        Ok(()) => Ok(Processed::Now),
        Err(Ended::Overtaken) => Ok(Processed::Overtaken),
        Err(Ended::Refused(reason, findings)) => {
            let report = findings
                .as_ref()
                .map(|findings| stored(&UploadReport::from(findings)))
                .transpose()?;
            let (words, clauses) = (cut(&reason), stored(&said(reason.clauses()))?);
            let why = Why {
                words: &words,
                clauses: &clauses,
            };
            attempt::refuse(&mut conn, id, begun.attempt, why, report.as_ref(), importer.clock.now()).await?;
            Ok(Processed::Refused)
        }
        Err(Ended::Failed(error)) => {
            let why = Why {
                words: error.words(),
                clauses: &stored(&said(&[error.clause()]))?,
            };
            if let Err(silent) = attempt::note_failure(&mut conn, id, begun.attempt, why).await {
                tracing::warn!(upload_id = %id, error = chain(&silent), "could not record the reason of a failure");
            }
            Err(error)
        }
    }
}

/// Records the phases of an attempt until it ends. If that fails, the next phase is recorded.
async fn tell(
    importer: &TimetableImporter,
    id: TimetableUploadId,
    attempt: i16,
    mut phases: watch::Receiver<UploadPhase>,
) -> std::convert::Infallible {
    while phases.changed().await.is_ok() {
        let phase = *phases.borrow_and_update();
        let noted = async {
            let mut conn = importer.pool.acquire().await?;
            attempt::note_phase(&mut conn, id, attempt, phase).await
        };
        if let Err(error) = noted.await {
            tracing::warn!(upload_id = %id, error = chain(&error), "could not record the progress of a timetable");
        }
    }
    std::future::pending().await
}
