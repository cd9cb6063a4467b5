//! Messages to passengers: recorded with the business change, sent by a job, and marked as sent afterwards.

mod message;
pub(crate) mod send;
mod ticket_pdf;

use chrono::{DateTime, Utc};
use db::notification::NewNotifications;
use domain::id::{HistoryId, NotificationId, PartnerId, TicketId};
use domain::notification::Channel;
use domain::ticket::Event;
use ledger::{Cause, NewJob, Priority};
use sqlx::PgConnection;

use crate::error::AppResult;
use crate::jobs::email_notification::EmailNotification;
use crate::jobs::viber_notification::ViberNotification;

pub use send::{Mails, SendError, Sent, ViberMessages, outcome, send_email, send_viber};
pub use ticket_pdf::TicketPrinter;

/// An event of a ticket of which its passenger is notified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announcement {
    /// The ticket.
    pub ticket_id: TicketId,
    /// The history row that recorded it: one message per row and channel, even if the announcement is repeated.
    pub history_id: HistoryId,
    /// The event.
    pub event: Event,
}

/// Records one mail for a passenger with an address and one Viber message for one whose phone lists Viber, with their
/// jobs, inside the transaction of the business change. Two statements, for any number of announcements.
///
/// # Errors
/// Database errors only.
pub async fn announce(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    cause: &Cause,
    announcements: &[Announcement],
) -> AppResult<()> {
    if announcements.is_empty() {
        return Ok(());
    }
    announce_on(conn, now, cause, announcements, Channel::ALL).await?;
    Ok(())
}

/// As [`announce`], on these channels only; returns how many messages were recorded.
///
/// # Errors
/// Database errors only.
pub async fn announce_on(
    conn: &mut PgConnection,
    now: DateTime<Utc>,
    cause: &Cause,
    announcements: &[Announcement],
    channels: &[Channel],
) -> AppResult<usize> {
    let id = |channel| channels.contains(&channel).then(NotificationId::new);
    let new: Vec<_> = announcements
        .iter()
        .map(|announcement| NewNotifications {
            ticket_id: announcement.ticket_id,
            history_id: announcement.history_id,
            event: announcement.event,
            email_id: id(Channel::Email),
            viber_id: id(Channel::Viber),
        })
        .collect();
    let recorded = db::notification::insert(conn, now, &new).await?;
    let jobs = recorded.iter().map(|message| {
        let (id, channel) = (message.id, message.channel);
        job(id, channel, message.event, message.partner_id, now)
    });
    let jobs = jobs.collect::<ledger::Result<Vec<_>>>()?;
    ledger::enqueue(conn, now, cause, &jobs).await?;
    Ok(recorded.len())
}

/// The job that sends a message about the event to a passenger of this partner. The partner is its tenant, so that a
/// flood of messages of another partner does not delay it.
///
/// # Errors
/// Never: a payload of ids encodes.
pub fn job(
    notification_id: NotificationId,
    channel: Channel,
    event: Event,
    partner_id: PartnerId,
    now: DateTime<Utc>,
) -> ledger::Result<NewJob> {
    let job = match channel {
        Channel::Email => NewJob::new(&EmailNotification { notification_id }, now)?,
        Channel::Viber => NewJob::new(&ViberNotification { notification_id }, now)?,
    };
    let job = job.with_new_key(notification_id.to_string()).with_tenant(partner_id.0);
    Ok(if event.is_awaited() {
        job.with_priority(Priority::Urgent)
    } else {
        job
    })
}
