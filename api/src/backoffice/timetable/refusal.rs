//! Error responses of the operations on timetables, as the document lists them.

use crate::wire::reply::refusals;

const FORBIDDEN: (u16, &str) = (
    403,
    "`FORBIDDEN`: the role of the user does not allow access to the timetable of the company, or the request does not come \
     from a page of this origin.",
);
const UNKNOWN: (u16, &str) = (
    404,
    "`NOT_FOUND`: the upload does not exist or belongs to another company.",
);

refusals! {
    /// Reading what the company has.
    Read: [FORBIDDEN];
    /// Reading one upload.
    ReadOne: [FORBIDDEN, UNKNOWN];
    /// Uploading.
    Upload: [FORBIDDEN, (409, "`TIMETABLE_CONFLICT`: too many timetables of the company are being checked.")];
    /// Checking again.
    Check: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`TIMETABLE_CONFLICT`: the upload was published, or is being checked or published, or too many timetables \
               of the company are being checked."),
        (410, "`GONE`: the archive was deleted after its retention period."),
    ];
    /// Publishing.
    Publish: [
        FORBIDDEN,
        UNKNOWN,
        (409, "`TIMETABLE_CONFLICT`: the upload is not ready, another one is being published, or the published \
               timetable has changed since the check."),
        (410, "`GONE`: the archive was deleted after its retention period."),
    ];
    /// Checking what going back would do.
    CheckUndo: [
        FORBIDDEN,
        (409, "`TIMETABLE_CONFLICT`: there is no former timetable, or too many timetables of the company are being \
               checked."),
    ];
    /// Going back.
    Undo: [
        FORBIDDEN,
        (409, "`TIMETABLE_CONFLICT`: there is no former timetable, or another one is being published."),
    ];
}
