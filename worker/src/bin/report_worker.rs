//! The worker of the queue `report`.

use std::process::ExitCode;
use std::sync::Arc;

use app::invariant::files::FileCheck;
use app::jobs::{
    ReportCleanup, ReportDelivery, ReportFileCheck, ReportGenerate, ReportStart, queue, report_cleanup,
    report_delivery, report_file_check, report_generate, report_start,
};
use app::report::run::ReportCourier;
use app::report::{ReportGenerator, ReportRemover};
use config::Needs;
use storage::Storage;

fn main() -> ExitCode {
    worker::main(queue::REPORT, Needs::Report, |process, worker| {
        let settings = &process.settings;
        let storage = Arc::new(Storage::new(settings)?);
        let generator = ReportGenerator {
            pool: process.pool.clone(),
            storage: storage.clone(),
            clock: process.clock.clone(),
            at_a_time: settings.reports_at_a_time,
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
        Ok(worker
            .handle::<ReportGenerate, _>(&generator, report_generate::run)
            .handle::<ReportStart, _>(&generator, report_start::run)
            .handle::<ReportDelivery, _>(&courier, report_delivery::run)
            .handle::<ReportFileCheck, _>(&check, report_file_check::run)
            .handle::<ReportCleanup, _>(&remover, report_cleanup::run))
    })
}
