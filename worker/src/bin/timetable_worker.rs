//! The worker of the queue `timetable`.

use std::process::ExitCode;
use std::sync::Arc;

use app::jobs::{
    TimetableCleanup, TimetablePreview, TimetablePublish, queue, timetable_cleanup, timetable_preview,
    timetable_publish,
};
use app::timetable::upload::TimetableImporter;
use config::Needs;
use storage::Storage;

fn main() -> ExitCode {
    worker::main(queue::TIMETABLE, Needs::Report, |process, worker| {
        let importer = TimetableImporter {
            pool: process.pool.clone(),
            storage: Arc::new(Storage::new(&process.settings)?),
            clock: process.clock.clone(),
        };
        Ok(worker
            .handle::<TimetablePreview, _>(&importer, timetable_preview::run)
            .handle::<TimetablePublish, _>(&importer, timetable_publish::run)
            .handle::<TimetableCleanup, _>(&importer, timetable_cleanup::run))
    })
}
