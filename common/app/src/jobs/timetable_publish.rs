//! Publishes an uploaded timetable, or restores the former one.
//!
//! Cause: a company publishes or undoes a timetable.

use apalis_core::task::data::Data;
use chrono::{DateTime, Utc};
use domain::id::TimetableUploadId;
use ledger::{Job, NewJob, Outcome, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::processed::processed;
use super::{queue, terms};
use crate::timetable::upload::importer::TimetableImporter;
use crate::timetable::upload::process::publish;

/// Publish one upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimetablePublish {
    /// The upload.
    pub upload_id: TimetableUploadId,
}

impl Job for TimetablePublish {
    const KIND: &'static str = "timetable_publish";
    const QUEUE: Queue = queue::TIMETABLE;
    const TERMS: Terms = terms::TIMETABLE;
    type Data = TimetableImporter;
}

/// The job that publishes an upload.
///
/// # Errors
/// Never: a payload of ids encodes.
pub fn new_job(upload_id: TimetableUploadId, run_at: DateTime<Utc>) -> ledger::Result<NewJob> {
    NewJob::new(&TimetablePublish { upload_id }, run_at)
}

/// Publishes the upload; one that was published is left alone.
pub async fn run(job: TimetablePublish, importer: Data<TimetableImporter>) -> Outcome {
    trace::note("timetable_upload", job.upload_id);
    processed(job.upload_id, publish(&importer, job.upload_id).await)
}
