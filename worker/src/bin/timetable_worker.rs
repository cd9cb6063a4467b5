//! The worker of the queue `timetable`.

use std::process::ExitCode;
use std::sync::Arc;

use app::jobs;
use app::timetable::upload::TimetableImporter;
use config::Needs;
use storage::Storage;

fn main() -> ExitCode {
    worker::main(jobs::queue::TIMETABLE, Needs::Report, |process, worker| {
        let importer = TimetableImporter {
            pool: process.pool.clone(),
            storage: Arc::new(Storage::new(&process.settings)?),
            clock: process.clock.clone(),
        };
        Ok(worker
            .handle::<jobs::timetable_preview::TimetablePreview, _>(&importer, jobs::timetable_preview::run)
            .handle::<jobs::timetable_publish::TimetablePublish, _>(&importer, jobs::timetable_publish::run)
            .handle::<jobs::timetable_cleanup::TimetableCleanup, _>(&importer, jobs::timetable_cleanup::run))
    })
}
