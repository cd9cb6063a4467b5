//! Enumerations of uploads.

use domain::timetable_upload::{UploadKind, UploadPhase, UploadStatus};

use crate::wire::value::Words;

impl Words for UploadKind {
    const NAME: &'static str = "TimetableUploadKind";
    const ABOUT: &'static str = "What brought a timetable: an archive, or going back to the former one.";

    fn list() -> Vec<Self> {
        Self::ALL.to_vec()
    }
}

impl Words for UploadStatus {
    const NAME: &'static str = "TimetableUploadStatus";
    const ABOUT: &'static str = "Status of an uploaded timetable.";

    fn list() -> Vec<Self> {
        // An upload that is still being received is not listed.
        let shown = Self::ALL.iter().copied();
        shown.filter(|status| *status != Self::Receiving).collect()
    }
}

impl Words for UploadPhase {
    const NAME: &'static str = "TimetableUploadPhase";
    const ABOUT: &'static str = "What the check or the publication of a timetable is at.";

    fn list() -> Vec<Self> {
        Self::ALL.to_vec()
    }
}
