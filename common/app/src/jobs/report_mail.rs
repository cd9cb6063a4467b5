//! Sends a mail about a scheduled report.
//!
//! Cause: `report_delivery` writes one for each recipient.

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use domain::id::ReportMailId;
use ledger::{Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::sent::sent;
use super::{queue, terms};
use crate::notification::send::Mails;
use crate::report::mail;

/// Send one mail about a scheduled report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportMail {
    /// The mail.
    pub mail_id: ReportMailId,
}

impl Job for ReportMail {
    const KIND: &'static str = "report_mail";
    const QUEUE: Queue = queue::EMAIL;
    const TERMS: Terms = Terms {
        // Less urgent than the mails that passengers and invited users wait for.
        priority: Priority::Normal,
        max_attempts: 10,
        timeout: TimeDelta::seconds(60),
        backoff: TimeDelta::seconds(5),
        hold_limit: terms::MESSAGE_HOLD_LIMIT,
    };
    type Data = Mails;
}

/// The key of the job: it is written once.
#[must_use]
pub fn key(mail_id: ReportMailId) -> String {
    format!("{}:{mail_id}", ReportMail::KIND)
}

/// Sends it; a repeat is recognised by its id.
pub async fn run(job: ReportMail, mails: Data<Mails>) -> Outcome {
    sent(mail::send(&mails, job.mail_id).await)
}
