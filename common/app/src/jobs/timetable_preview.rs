//! Previews the publication of an uploaded timetable.
//!
//! Cause: a timetable was uploaded, or is to be checked again.

use apalis_core::task::data::Data;
use chrono::{DateTime, Utc};
use domain::id::TimetableUploadId;
use ledger::{Job, NewJob, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::processed::processed;
use super::{queue, terms};
use crate::timetable::upload::importer::TimetableImporter;
use crate::timetable::upload::process::preview;

/// Preview one upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimetablePreview {
    /// The upload.
    pub upload_id: TimetableUploadId,
}

impl Job for TimetablePreview {
    const KIND: &'static str = "timetable_preview";
    const QUEUE: Queue = queue::TIMETABLE;
    const TERMS: Terms = terms::TIMETABLE;
    type Data = TimetableImporter;
}

/// The key of the job that previews an upload: it is written once.
#[must_use]
pub fn key(upload_id: TimetableUploadId) -> String {
    format!("{}:{upload_id}", TimetablePreview::KIND)
}

/// The job that previews an upload.
///
/// # Errors
/// Never: a payload of ids encodes.
pub fn new_job(upload_id: TimetableUploadId, run_at: DateTime<Utc>) -> ledger::Result<NewJob> {
    NewJob::new(&TimetablePreview { upload_id }, run_at)
}

/// Previews the upload; one that was previewed is left alone.
pub async fn run(job: TimetablePreview, importer: Data<TimetableImporter>) -> Outcome {
    trace::note("timetable_upload", job.upload_id);
    processed(job.upload_id, preview(&importer, job.upload_id).await)
}
