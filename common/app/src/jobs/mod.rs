//! The jobs of the platform, one file per kind: payload, queue, terms, and the handler, which calls a use case and
//! turns its result into an outcome. Rules and SQL do not belong here.
//!
//! The priority of a kind orders the jobs of its queue: jobs that a user waits for, or that hold seats, are urgent.
//! Tracking jobs have a queue of their own, and reports a limit for each company, so neither takes turns of tenants.
//!
//! A new kind is one file, two lines here (one in the test of leases), and one line in the worker binary of its queue.

pub mod email_notification;
pub mod idempotency_cleanup;
pub mod invitation_mail;
pub mod job_cleanup;
mod outcome;
pub mod position_cleanup;
pub mod queue;
pub mod report_cleanup;
pub mod report_delivery;
pub mod report_file_check;
pub mod report_generate;
pub mod report_mail;
pub mod report_start;
pub mod session_cleanup;
mod terms;
pub mod ticket_sweep;
pub mod timetable_cleanup;
pub mod timetable_preview;
pub mod timetable_publish;
pub mod tracking_poll;
pub mod tracking_sync;
pub mod viber_notification;

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use domain::id::NotificationId;
    use ledger::{Job, Priority};
    use serde_json::json;

    use super::email_notification::EmailNotification;
    use super::queue;
    use super::ticket_sweep::TicketSweep;

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

    #[test]
    fn leases_end_before_jobs_run_too_long() {
        ends_before_the_alert::<EmailNotification>();
        ends_before_the_alert::<super::invitation_mail::InvitationMail>();
        ends_before_the_alert::<super::report_mail::ReportMail>();
        ends_before_the_alert::<super::viber_notification::ViberNotification>();
        ends_before_the_alert::<TicketSweep>();
        ends_before_the_alert::<super::idempotency_cleanup::IdempotencyCleanup>();
        ends_before_the_alert::<super::job_cleanup::JobCleanup>();
        ends_before_the_alert::<super::position_cleanup::PositionCleanup>();
        ends_before_the_alert::<super::session_cleanup::SessionCleanup>();
        ends_before_the_alert::<super::tracking_poll::TrackingPoll>();
        ends_before_the_alert::<super::tracking_sync::TrackingSync>();
        ends_before_the_alert::<super::timetable_cleanup::TimetableCleanup>();
        ends_before_the_alert::<super::timetable_preview::TimetablePreview>();
        ends_before_the_alert::<super::timetable_publish::TimetablePublish>();
        ends_before_the_alert::<super::report_cleanup::ReportCleanup>();
        ends_before_the_alert::<super::report_delivery::ReportDelivery>();
        ends_before_the_alert::<super::report_file_check::ReportFileCheck>();
        ends_before_the_alert::<super::report_generate::ReportGenerate>();
        ends_before_the_alert::<super::report_start::ReportStart>();
    }
}
