//! The worker of the queue `report`.

use std::process::ExitCode;
use std::sync::Arc;

use app::invariant::files::FileCheck;
use app::jobs;
use app::report::run::ReportCourier;
use app::report::{ReportGenerator, ReportRemover};
use config::Needs;
use storage::Storage;
use worker::handlers::{RegisterHandlers, Reports};

fn main() -> ExitCode {
    worker::main(jobs::queue::REPORT, Needs::Report, |process, worker| {
        let settings = &process.settings;
        let storage = Arc::new(Storage::new(settings)?);
        let generator = ReportGenerator {
            pool: process.pool.clone(),
            storage: storage.clone(),
            clock: process.clock.clone(),
            at_a_time: settings.reports_at_a_time,
            new_job: jobs::report_generate::new_job,
        };
        let check = FileCheck {
            pool: process.pool.clone(),
            storage: storage.clone(),
            clock: process.clock.clone(),
        };
        let courier = ReportCourier {
            pool: process.pool.clone(),
            storage: storage.clone(),
            clock: process.clock.clone(),
            retention_days: settings.report_retention_days,
        };
        let remover = ReportRemover {
            pool: process.pool.clone(),
            storage,
            clock: process.clock.clone(),
            retention_days: settings.report_retention_days,
        };
        let reports = Reports {
            generator,
            courier,
            check,
            remover,
        };
        Ok(reports.register(worker))
    })
}
