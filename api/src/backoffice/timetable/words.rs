//! Enumerations of uploads.

use domain::timetable::upload::{UploadKind, UploadPhase, UploadStatus};

use crate::wire::value::Words;

impl Words for UploadKind {
    const NAME: &'static str = "TimetableUploadKind";
    const ABOUT: &'static str = "Origin of a timetable: an uploaded archive, or an undo.";

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
    const ABOUT: &'static str = "Phase of the check or publication of a timetable.";

    fn list() -> Vec<Self> {
        Self::ALL.to_vec()
    }
}
