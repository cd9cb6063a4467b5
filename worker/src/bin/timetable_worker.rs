//! The worker of the queue `timetable`.

use std::process::ExitCode;
use std::sync::Arc;

use app::jobs::queue;
use app::timetable::upload::TimetableImporter;
use config::Needs;
use storage::Storage;
use worker::handlers::RegisterHandlers;

fn main() -> ExitCode {
    worker::main(queue::TIMETABLE, Needs::Report, |process, worker| {
        let importer = TimetableImporter {
            pool: process.pool.clone(),
            storage: Arc::new(Storage::new(&process.settings)?),
            clock: process.clock.clone(),
        };
        Ok(importer.register(worker))
    })
}
