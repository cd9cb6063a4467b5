//! The jobs of the platform, one file per kind: payload, queue, terms, and the handler, which calls a use case and
//! turns its result into an outcome. Rules and SQL do not belong here.
//!
//! The priority of a kind orders the jobs of its queue: jobs that a user waits for, or that hold seats, are urgent.
//! Tracking jobs have a queue of their own, and reports a limit for each company, so neither takes turns of tenants.
//!
//! A new kind is one file, three lines here (one in the test of leases) and one line in the worker binary of its queue.

use chrono::{DateTime, TimeDelta, Utc};
use clients::breaker::TurnedAway;
use domain::id::{TimetableUploadId, TrackingAccountId};
use kernel::chain;
use ledger::{Job, Outcome, Priority, Terms};

use crate::error::AppResult;
use crate::housekeeping::Cleared;
use crate::notification::send::{SendError, Sent};
use crate::timetable::upload::{Processed, TimetableError};

pub mod email_notification;
pub mod idempotency_cleanup;
pub mod invitation_mail;
pub mod job_cleanup;
pub mod position_cleanup;
pub mod queue;
pub mod report_cleanup;
pub mod report_delivery;
pub mod report_file_check;
pub mod report_generate;
pub mod report_mail;
pub mod report_start;
pub mod session_cleanup;
pub mod ticket_sweep;
pub mod timetable_cleanup;
pub mod timetable_preview;
pub mod timetable_publish;
pub mod tracking_poll;
pub mod tracking_sync;
pub mod viber_notification;

/// Every kind of job. Metrics count jobs of any other kind, such as one of another release, as `other`.
pub const KINDS: [&str; 19] = [
    email_notification::EmailNotification::KIND,
    invitation_mail::InvitationMail::KIND,
    report_mail::ReportMail::KIND,
    viber_notification::ViberNotification::KIND,
    ticket_sweep::TicketSweep::KIND,
    idempotency_cleanup::IdempotencyCleanup::KIND,
    job_cleanup::JobCleanup::KIND,
    position_cleanup::PositionCleanup::KIND,
    session_cleanup::SessionCleanup::KIND,
    tracking_poll::TrackingPoll::KIND,
    tracking_sync::TrackingSync::KIND,
    timetable_cleanup::TimetableCleanup::KIND,
    timetable_preview::TimetablePreview::KIND,
    timetable_publish::TimetablePublish::KIND,
    report_cleanup::ReportCleanup::KIND,
    report_delivery::ReportDelivery::KIND,
    report_file_check::ReportFileCheck::KIND,
    report_generate::ReportGenerate::KIND,
    report_start::ReportStart::KIND,
];

/// How long a message is worth sending.
const MESSAGE_HOLD_LIMIT: TimeDelta = TimeDelta::days(3);

/// How long other jobs may be held up.
const HOLD_LIMIT: TimeDelta = TimeDelta::hours(6);

/// The terms of jobs that send requests to a tracking provider: few attempts, since the next job is due soon.
const TRACKING: Terms = Terms {
    max_attempts: 3,
    timeout: TimeDelta::seconds(30),
    backoff: TimeDelta::seconds(1),
    hold_limit: HOLD_LIMIT,
    priority: Priority::Normal,
};

/// The terms of jobs that delete old rows; the next job deletes what one leaves.
const CLEANUP: Terms = Terms {
    max_attempts: 5,
    timeout: TimeDelta::seconds(60),
    backoff: TimeDelta::seconds(30),
    hold_limit: HOLD_LIMIT,
    priority: Priority::Normal,
};

/// The terms of jobs of uploaded timetables: a user waits for them.
const TIMETABLE: Terms = Terms {
    max_attempts: 8,
    timeout: TimeDelta::minutes(20),
    backoff: TimeDelta::seconds(5),
    hold_limit: HOLD_LIMIT,
    priority: Priority::Urgent,
};

/// The key of a job of an account at a tracking provider that is due at an instant.
fn account_key(kind: &str, account_id: TrackingAccountId, due_at: DateTime<Utc>) -> String {
    format!("{kind}:{account_id}:{}", due_at.timestamp_micros())
}

/// The outcome of a run of housekeeping; the next tick deletes what it left.
fn cleared(what: &'static str, cleared: AppResult<Cleared>) -> Outcome {
    match cleared {
        Ok(Cleared { rows: 0, .. }) => Outcome::Done,
        Ok(Cleared { rows, is_all }) => {
            tracing::info!(what, rows, is_all, "old rows deleted");
            Outcome::Done
        }
        Err(error) => Outcome::of_failure(&error),
    }
}

/// Alerts operators that they must fix something: credentials, an address, an account, a disk.
fn alert(reason: &str) {
    tracing::error!(reason, "provider refuses requests until our setup is fixed");
}

/// The outcome of a job that a client's breaker turned away.
fn postponed(turned_away: TurnedAway) -> Outcome {
    Outcome::Postponed {
        reason: turned_away.to_string(),
        after: TimeDelta::from_std(turned_away.after).unwrap_or_default(),
    }
}

/// The outcome of an attempt at an uploaded timetable.
fn processed(upload_id: TimetableUploadId, processed: Result<Processed, TimetableError>) -> Outcome {
    match processed {
        Ok(Processed::Now | Processed::Before | Processed::Refused) => Outcome::Done,
        Ok(Processed::Overtaken) => {
            tracing::warn!(%upload_id, "another attempt has begun; this attempt was discarded");
            Outcome::Done
        }
        Err(TimetableError::TurnedAway(turned_away)) => postponed(turned_away),
        Err(error @ TimetableError::NoArchive) => Outcome::Fail(chain(&error)),
        Err(error) => {
            if error.needs_people() {
                alert(&chain(&error));
            }
            Outcome::of_failure(&error)
        }
    }
}

/// The outcome of an attempt to send a message.
fn sent(sent: Result<Sent, SendError>) -> Outcome {
    match sent {
        Ok(Sent::Now | Sent::Before) => Outcome::Done,
        Err(SendError::Retry {
            needs_people,
            after,
            source,
        }) => {
            if let postponed @ Outcome::Postponed { .. } = Outcome::of_failure(source.as_ref()) {
                return postponed;
            }
            let reason = chain(source.as_ref());
            if needs_people {
                alert(&reason);
            }
            Outcome::Held {
                reason,
                after: after.and_then(|after| TimeDelta::from_std(after).ok()),
            }
        }
        Err(SendError::TurnedAway(turned_away)) => postponed(turned_away),
        Err(error @ (SendError::Permanent { .. } | SendError::NotFound)) => Outcome::Fail(chain(&error)),
    }
}

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
        assert!(super::KINDS.contains(&J::KIND), "{}", J::KIND);
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
