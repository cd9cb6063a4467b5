//! The jobs of an upload, from their beginning to what they leave in its row. Each attempt has a number, and only the
//! one that began last may say how it went. What an attempt does is in [`super::attempt`].

use std::sync::Arc;

use clients::breaker::TurnedAway;
use clients::storage::{FileStore, StorageError};
use db::timetable::upload::attempt::{self, Why};
use domain::gtfs::{Clause, Findings, Remark};
use domain::id::TimetableUploadId;
use domain::provider::Fault;
use domain::timetable_upload::{UploadPhase, UploadStatus};
use kernel::clock::Clock;
use serde::Serialize;
use serde_json::Value;
use sqlx::PgPool;
use tokio::sync::watch;

use super::super::course::Course;
use super::attempt::Attempt;
use super::report::{UploadReport, cut, said};
use crate::error::{AppError, AppResult, chain};

/// What timetables are checked and published with.
#[derive(Clone)]
pub struct TimetableImporter {
    /// The truth.
    pub pool: PgPool,
    /// Where archives are.
    pub storage: Arc<dyn FileStore>,
    /// The time.
    pub clock: Clock,
}

/// How an attempt ended that did not fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processed {
    /// It was previewed or published.
    Now,
    /// The feed cannot be used, which the upload says.
    Refused,
    /// There was nothing to do: it was done before, or is not there.
    Before,
    /// Another attempt has begun meanwhile; this one changed nothing.
    Overtaken,
}

/// Why an attempt failed; another one may succeed.
#[derive(Debug, thiserror::Error)]
pub enum TimetableError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StorageError),
    /// The store fails, and nothing was tried.
    #[error(transparent)]
    TurnedAway(#[from] TurnedAway),
    /// The archive is not in the store.
    #[error("the archive of an upload is gone")]
    NoArchive,
    /// The archive cannot be put on the disk of this machine.
    #[error("the archive cannot be stored on this machine")]
    Disk(#[from] std::io::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] AppError),
}

impl From<sqlx::Error> for TimetableError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

impl TimetableError {
    /// The message for the company.
    const fn words(&self) -> &'static str {
        match self {
            Self::Store(error) => error.words,
            Self::TurnedAway(_) => "The file store failed",
            Self::NoArchive => "The archive is not there any more",
            Self::Disk(_) | Self::Database(_) => "The timetable could not be processed",
        }
    }

    /// The same as a clause.
    const fn clause(&self) -> Clause {
        match self {
            Self::Store(_) | Self::TurnedAway(_) => Clause::StoreFailed {},
            Self::NoArchive => Clause::ArchiveGone {},
            Self::Disk(_) | Self::Database(_) => Clause::NotProcessed {},
        }
    }

    fn fault(&self) -> Option<Fault> {
        match self {
            Self::Store(error) => Some(error.fault),
            _ => None,
        }
    }

    /// Whether operators must repair something before an attempt can succeed.
    #[must_use]
    pub fn needs_people(&self) -> bool {
        self.fault() == Some(Fault::Setup)
    }
}

/// Why an attempt did not end well.
pub(super) enum Ended {
    /// The feed cannot be used; the reason is shown to the company.
    Refused(Remark, Option<Findings>),
    /// Another attempt has begun.
    Overtaken,
    /// Another attempt may succeed.
    Failed(TimetableError),
}

impl<E: Into<TimetableError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Says what the publication of an upload would do.
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
    let (course, phases) = Course::told();
    let attempt = Attempt {
        importer,
        id,
        begun: &begun,
        course,
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

/// Writes down what an attempt is at, until it ends. Should that fail, the next phase is written down.
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

pub(super) fn stored(report: &impl Serialize) -> AppResult<Value> {
    serde_json::to_value(report).map_err(|error| AppError::Internal(format!("a report does not encode: {error}")))
}
