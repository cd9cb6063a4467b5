//! The jobs of the platform, one file per kind: payload, queue, terms, and the handler, which calls a use case and
//! turns its result into an outcome. Rules and SQL do not belong here.
//!
//! The priority of a kind orders the jobs of its queue: jobs that a user waits for, or that hold seats, are urgent.
//! Tracking jobs have a queue of their own, and reports a limit for each company, so neither takes turns of tenants.
//!
//! A new kind is one file, and one line in [`every_job!`](crate::every_job). What is in that list is compiled, tested,
//! and registered with the worker of its queue (`worker/src/handlers.rs`). A file that is not in it does not exist for
//! the compiler, so that no job can be written for it, and `deploy/dev/jobs.py` reports it.

/// Passes the list of all jobs to a macro: by queue (a constant in `jobs::queue`) and what its worker has for the
/// handlers (a type in `worker/src/handlers.rs`), the file and the type of each job.
#[macro_export]
macro_rules! every_job {
    ($with:ident) => {
        $with! {
            EMAIL(Mails) {
                email_notification::EmailNotification,
                invitation_mail::InvitationMail,
                report_mail::ReportMail,
            }
            VIBER(ViberMessages) {
                viber_notification::ViberNotification,
            }
            SWEEP(Housekeeping) {
                idempotency_cleanup::IdempotencyCleanup,
                job_cleanup::JobCleanup,
                position_cleanup::PositionCleanup,
                session_cleanup::SessionCleanup,
                ticket_sweep::TicketSweep,
            }
            REPORT(Reports) {
                report_cleanup::ReportCleanup,
                report_delivery::ReportDelivery,
                report_file_check::ReportFileCheck,
                report_generate::ReportGenerate,
                report_start::ReportStart,
            }
            TRACKING(Tracking) {
                tracking_poll::TrackingPoll,
                tracking_sync::TrackingSync,
            }
            TIMETABLE(TimetableImporter) {
                timetable_cleanup::TimetableCleanup,
                timetable_preview::TimetablePreview,
                timetable_publish::TimetablePublish,
            }
        }
    };
}

/// Declares the files of the jobs.
macro_rules! modules {
    ($($queue:ident($data:ident) { $($module:ident::$job:ident,)+ })+) => {
        $($(pub mod $module;)+)+
    };
}

every_job!(modules);

/// The kinds of the jobs.
macro_rules! kinds {
    ($($queue:ident($data:ident) { $($module:ident::$job:ident,)+ })+) => {
        &[$($(<$module::$job as ledger::Job>::KIND,)+)+]
    };
}

/// Every kind of job. Metrics count jobs of any other kind, such as one of another release, as `other`.
pub const KINDS: &[&str] = every_job!(kinds);

mod outcome;
pub mod queue;
mod terms;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::TimeDelta;
    use domain::id::NotificationId;
    use ledger::{Job, Priority, Queue};
    use serde_json::json;

    use super::email_notification::EmailNotification;
    use super::ticket_sweep::TicketSweep;
    use super::{KINDS, queue};

    #[test]
    fn a_payload_of_another_release_decodes() {
        let notification_id = NotificationId::new();
        let newer = json!({ "notification_id": notification_id, "priority": 1 });
        assert_eq!(
            serde_json::from_value::<EmailNotification>(newer).unwrap(),
            EmailNotification { notification_id }
        );
        assert_eq!(
            serde_json::from_value::<TicketSweep>(json!({})).unwrap(),
            TicketSweep {}
        );
        assert!(serde_json::from_value::<EmailNotification>(json!({})).is_err());
    }

    #[test]
    fn names_that_are_written_down_never_change() {
        assert_eq!(serde_json::to_value(TicketSweep {}).unwrap(), json!({}));
        assert_eq!(EmailNotification::KIND, "email_notification");
        assert_eq!(
            queue::ALL.map(|queue| queue.list(Priority::Normal)),
            [
                "jobs:email",
                "jobs:viber",
                "jobs:sweep",
                "jobs:report",
                "jobs:geo",
                "jobs:timetable"
            ]
        );
        assert_eq!(queue::EMAIL.list(Priority::Urgent), "jobs:urgent:{jobs:email}");
    }

    /// The alert `JobRunsTooLong` (deploy/observability/rules/jobs_alerts.yml) has these thresholds.
    fn ends_before_the_alert<J: Job>() {
        let seconds = match J::QUEUE.name() {
            "timetable" => 1300,
            "report" => 1900,
            _ => 120,
        };
        assert!(J::TERMS.lease() < TimeDelta::seconds(seconds), "{}", J::KIND);
    }

    /// What must hold for each kind.
    fn fits<J: Job>(queue: Queue) {
        assert_eq!(J::QUEUE, queue, "{} is listed under another queue", J::KIND);
        ends_before_the_alert::<J>();
    }

    macro_rules! check {
        ($($queue:ident($data:ident) { $($module:ident::$job:ident,)+ })+) => {
            $($(fits::<super::$module::$job>(queue::$queue);)+)+
        };
    }

    #[test]
    fn jobs_are_listed_under_their_queue_and_leases_end_before_they_run_too_long() {
        every_job!(check);
    }

    #[test]
    fn each_kind_has_one_job() {
        let kinds: BTreeSet<&str> = KINDS.iter().copied().collect();
        assert_eq!(kinds.len(), KINDS.len(), "{KINDS:?}");
    }
}
