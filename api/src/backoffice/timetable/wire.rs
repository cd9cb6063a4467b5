//! Response bodies of the operations on uploads.

use app::timetable::upload as timetable;
use domain::id::TimetableUploadId;
use domain::timetable::upload::{UploadKind, UploadPhase, UploadStatus};
use schemars::JsonSchema;
use serde::Serialize;

use super::reason_wire::ReasonClause;
use super::report_wire::TimetableReport;
use crate::wire::value::{Id, Instant, Word};

/// A single upload.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneTimetableUpload {
    /// The upload in its current state.
    pub upload: TimetableUpload,
}

/// A page of uploads.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimetableUploadList {
    /// Newest first.
    #[schemars(length(max = 100))]
    pub uploads: Vec<TimetableUpload>,
    /// Total number of uploads, regardless of `take` and `skip`.
    #[schemars(example = 3)]
    pub total: usize,
    /// Whether there is a former timetable to which `undoTimetable` goes back.
    #[schemars(example = true)]
    pub can_undo: bool,
}

/// A timetable that a company uploaded, or restored by an undo.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimetableUpload {
    /// Opaque id.
    pub id: Id<TimetableUploadId>,
    /// `Upload`: an archive. `Undo`: the timetable that was published before.
    #[schemars(example = &"Upload")]
    pub kind: Word<UploadKind>,
    /// `Checking`: it is being compared with the published timetable. `Ready`: it can be published. `Refused`: the feed
    /// cannot be used. `Publishing`: it is being published. `Published`: it was published. `Failed`: an error on our
    /// side; a timetable that was checked can be published again.
    #[schemars(example = &"Ready")]
    pub status: Word<UploadStatus>,
    /// Progress of the check or publication.
    pub progress: UploadProgress,
    /// Whether it is the latest publication of the company.
    #[schemars(example = false)]
    pub is_current: bool,
    /// Size of the archive in bytes; null for `Undo`.
    #[schemars(example = 182_118)]
    pub size_bytes: Option<i64>,
    /// SHA-256 hash of the archive, in hexadecimal; null for `Undo`.
    #[schemars(example = &"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: Option<String>,
    /// Result of the check or publication; null in lists, and until there is one.
    pub report: Option<TimetableReport>,
    /// Why the timetable was refused, or why the last attempt failed.
    #[schemars(example = serde_json::Value::Null)]
    pub error_message: Option<String>,
    /// The same in machine-readable form; empty if there is only text.
    #[schemars(length(max = 24), example = &[(); 0])]
    pub error_clauses: Vec<ReasonClause>,
    /// When it was uploaded.
    pub created_at: Instant,
    /// When its latest check ended.
    pub checked_at: Option<Instant>,
    /// When it was published.
    pub published_at: Option<Instant>,
}

/// Status of the check or publication.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UploadProgress {
    /// Current phase.
    #[schemars(example = &"Done")]
    pub phase: Word<UploadPhase>,
    /// Progress in percent.
    #[schemars(range(min = 0, max = 100), example = 100)]
    pub percent: i16,
}

impl From<timetable::Upload> for OneTimetableUpload {
    fn from(upload: timetable::Upload) -> Self {
        Self { upload: upload.into() }
    }
}

impl From<timetable::Upload> for TimetableUpload {
    fn from(upload: timetable::Upload) -> Self {
        let timetable::Upload {
            stored,
            report,
            error_clauses,
        } = upload;
        Self {
            id: Id(stored.id),
            kind: Word(stored.kind),
            status: Word(stored.status),
            progress: UploadProgress {
                phase: Word(stored.phase),
                percent: stored.phase.percent(),
            },
            is_current: stored.is_current,
            size_bytes: stored.size_bytes,
            sha256: stored.sha256,
            report: report.map(TimetableReport::from),
            error_message: stored.error_message,
            error_clauses: ReasonClause::list(error_clauses),
            created_at: Instant(stored.created_at),
            checked_at: stored.checked_at.map(Instant),
            published_at: stored.published_at.map(Instant),
        }
    }
}
