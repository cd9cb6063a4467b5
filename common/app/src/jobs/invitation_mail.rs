//! Sends the mail of an invitation.
//!
//! Cause: a user was invited.

use apalis_core::task::data::Data;
use chrono::TimeDelta;
use domain::id::InvitationId;
use ledger::{Job, Outcome, Priority, Queue, Terms};
use serde::{Deserialize, Serialize};

use super::outcome::sent::sent;
use super::{queue, terms};
use crate::invitation::mail;
use crate::notification::send::Mails;

/// Send the mail of one invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvitationMail {
    /// The invitation.
    pub invitation_id: InvitationId,
}

impl Job for InvitationMail {
    const KIND: &'static str = "invitation_mail";
    const QUEUE: Queue = queue::EMAIL;
    const TERMS: Terms = Terms {
        // A user waits for it.
        priority: Priority::Urgent,
        max_attempts: 10,
        timeout: TimeDelta::seconds(60),
        backoff: TimeDelta::seconds(5),
        hold_limit: terms::MESSAGE_HOLD_LIMIT,
    };
    type Data = Mails;
}

/// Sends it; a repeat is recognised by its id.
pub async fn run(job: InvitationMail, mails: Data<Mails>) -> Outcome {
    sent(mail::send(&mails, job.invitation_id).await)
}
