//! Entries about uploads of timetables.

use chrono::{DateTime, Utc};
use db::story::Upload;
use domain::timetable::upload::{UploadKind, UploadStatus};

use super::{Entry, Kind, mask};

/// The events of an upload, and its current state.
pub(super) fn entries(upload: &Upload, now: DateTime<Utc>) -> Vec<Entry> {
    let entry = |at, kind, text: String| Entry {
        at,
        kind,
        id: upload.id.to_string(),
        text,
        ids: vec![upload.company_id.to_string()],
    };
    let attempt = upload.attempt;
    let error = error(upload).unwrap_or_else(|| "no reason is known".to_owned());
    let mut received = entry(
        upload.created_at,
        Kind::Upload,
        match (upload.kind, upload.size_bytes) {
            (UploadKind::Undo, _) => "the former timetable was asked for".to_owned(),
            (UploadKind::Upload, Some(bytes)) => format!("a timetable of {bytes} bytes was uploaded"),
            (UploadKind::Upload, None) => "the upload of a timetable began".to_owned(),
        },
    );
    received.ids.extend(upload.uploaded_by.map(|id| id.to_string()));
    let mut entries = vec![received];
    let mut happened = |at: Option<DateTime<Utc>>, text: String| {
        entries.extend(at.map(|at| entry(at, Kind::Upload, text)));
    };
    if upload.kind == UploadKind::Upload {
        happened(upload.checked_at, "its preview ended".to_owned());
    }
    happened(upload.published_at, format!("it was published, at attempt {attempt}"));
    match upload.status {
        UploadStatus::Refused => happened(upload.ended_at, format!("it was refused: {error}")),
        UploadStatus::Failed => happened(upload.ended_at, format!("it failed after {attempt} attempts: {error}")),
        UploadStatus::Receiving
        | UploadStatus::Checking
        | UploadStatus::Ready
        | UploadStatus::Publishing
        | UploadStatus::Published => {}
    }
    happened(
        upload.removed_at,
        "its archive was removed after its retention".to_owned(),
    );
    entries.push(entry(now, Kind::Now, standing(upload)));
    entries
}

fn standing(upload: &Upload) -> String {
    let Upload { status, attempt, .. } = upload;
    let error = error(upload);
    match status {
        UploadStatus::Receiving => "the timetable is Receiving: its archive has not arrived yet".to_owned(),
        UploadStatus::Checking | UploadStatus::Publishing => {
            let failed = error.map(|error| format!("; the last attempt failed: {error}"));
            let percent = upload.phase.percent();
            format!(
                "the timetable is {status}, {percent} %, attempt {attempt}{}",
                failed.unwrap_or_default()
            )
        }
        UploadStatus::Ready => "the timetable is Ready: the company has not published it".to_owned(),
        UploadStatus::Published => "the timetable is Published".to_owned(),
        UploadStatus::Refused | UploadStatus::Failed => {
            format!(
                "the timetable is {status}: {}",
                error.unwrap_or_else(|| "no reason is known".to_owned())
            )
        }
    }
}

/// Why it was refused or failed, or why the last attempt did. A reason may quote the file, which has addresses.
fn error(upload: &Upload) -> Option<String> {
    upload.error_message.as_deref().map(mask::text)
}
