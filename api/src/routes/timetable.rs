//! Timetables that companies upload.

use app::timetable::upload;
use domain::role::Right;

use crate::backoffice::timetable::TimetableApi;
use crate::route::policy::{Body, Change, Policy};
use crate::route::{Group, Link, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Timetable);
const WRITE: Policy = Policy::staff_writes(Right::Timetable, Change::Nothing);

pub(super) const GROUP: Group = Group {
    root: "/v2/timetable",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::post(
            "/v2/timetable/uploads",
            "uploadTimetable",
            handler!(TimetableApi::upload),
            Policy {
                body: Body::Archive,
                ..WRITE
            },
        )
        .links(&[Link::new("getTimetableUpload", "id", "/data/upload/id")])
        .refusals(&[|| upload::TOO_MANY.into()]),
        Operation::get(
            "/v2/timetable/uploads",
            "listTimetableUploads",
            handler!(TimetableApi::list),
            READ,
        )
        .links(&[Link::new("getTimetableUpload", "id", "/data/uploads/0/id")]),
        Operation::get(
            "/v2/timetable/uploads/{id}",
            "getTimetableUpload",
            handler!(TimetableApi::get),
            READ,
        )
        .links(&[Link::new("publishTimetableUpload", "id", "/data/upload/id")]),
        Operation::post(
            "/v2/timetable/uploads/{id}/check",
            "checkTimetableUpload",
            handler!(TimetableApi::check),
            WRITE,
        )
        .links(&[Link::new("getTimetableUpload", "id", "/data/upload/id")])
        .refusals(&[|| upload::NOT_CHECKABLE.into(), || upload::ARCHIVE_REMOVED.into()]),
        Operation::post(
            "/v2/timetable/uploads/{id}/publish",
            "publishTimetableUpload",
            handler!(TimetableApi::publish),
            WRITE,
        )
        .links(&[Link::new("getTimetableUpload", "id", "/data/upload/id")])
        .refusals(&[|| upload::NOT_READY.into(), || upload::ARCHIVE_REMOVED.into()]),
        Operation::post(
            "/v2/timetable/undo/check",
            "checkTimetableUndo",
            handler!(TimetableApi::check_undo),
            WRITE,
        )
        .links(&[Link::new("getTimetableUpload", "id", "/data/upload/id")])
        .refusals(&[|| upload::NO_FORMER.into()]),
        Operation::post(
            "/v2/timetable/undo",
            "undoTimetable",
            handler!(TimetableApi::undo),
            WRITE,
        )
        .links(&[Link::new("getTimetableUpload", "id", "/data/upload/id")])
        .refusals(&[|| upload::NO_FORMER.into()]),
        Operation::get(
            "/v2/timetable/seasons",
            "listSeasons",
            handler!(TimetableApi::seasons),
            READ,
        ),
    ],
};
