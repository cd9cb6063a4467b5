//! Registers the handlers of each queue, from the list of jobs ([`app::every_job!`]). A job in that list whose data the
//! worker of its queue does not provide does not compile.

use app::housekeeping::Housekeeping;
use app::invariant::files::FileCheck;
use app::jobs;
use app::notification::{Mails, ViberMessages};
use app::report::run::ReportCourier;
use app::report::{ReportGenerator, ReportRemover};
use app::timetable::upload::TimetableImporter;
use app::tracking::Tracking;
use ledger::Job;
use ledger::worker::Worker;

/// What a worker has for the handlers of the jobs of its queue.
pub trait RegisterHandlers {
    /// Adds a handler for each kind of job of the queue.
    fn register(&self, worker: Worker) -> Worker;
}

/// Provides the data of handlers, [`Job::Data`].
pub trait Provides<T> {
    /// The data.
    fn data(&self) -> &T;
}

/// Most queues have the same data for all of their handlers.
impl<T> Provides<T> for T {
    fn data(&self) -> &T {
        self
    }
}

/// What the worker of reports has.
#[derive(Clone)]
pub struct Reports {
    /// Generates them.
    pub generator: ReportGenerator,
    /// Mails them.
    pub courier: ReportCourier,
    /// Checks whether their files exist.
    pub check: FileCheck,
    /// Removes their files.
    pub remover: ReportRemover,
}

impl Provides<ReportGenerator> for Reports {
    fn data(&self) -> &ReportGenerator {
        &self.generator
    }
}

impl Provides<ReportCourier> for Reports {
    fn data(&self) -> &ReportCourier {
        &self.courier
    }
}

impl Provides<FileCheck> for Reports {
    fn data(&self) -> &FileCheck {
        &self.check
    }
}

impl Provides<ReportRemover> for Reports {
    fn data(&self) -> &ReportRemover {
        &self.remover
    }
}

macro_rules! handlers {
    ($($queue:ident($data:ident) { $($module:ident::$job:ident,)+ })+) => {
        $(impl RegisterHandlers for $data {
            fn register(&self, worker: Worker) -> Worker {
                worker$(.handle::<jobs::$module::$job, _>(
                    <Self as Provides<<jobs::$module::$job as Job>::Data>>::data(self),
                    jobs::$module::run,
                ))+
            }
        })+
    };
}

app::every_job!(handlers);
