//! Sending a recorded message: load, render, send outside any transaction, record.

use std::error::Error;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use clients::mailer::{Mail, Mailer, Pdf, Picture};
use clients::viber::{Viber, ViberMessage};
use db::notification::{Content, Start};
use domain::id::NotificationId;
use domain::notification::{Channel, DrawPdf, QR_CONTENT_ID, TICKET_FILE_NAME};
use domain::ticket::Event;
use kernel::clock::Clock;
use ledger::effect;
use sqlx::PgPool;

use super::message::message;
use crate::error::{AppResult, chain};
use crate::metrics::MessageOutcome;

mod error;

pub use error::SendError;

/// Longest error text that is kept with a message.
const ERROR_CHARS: usize = 500;

/// When a message was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// With this call.
    Now,
    /// With an earlier one; nothing was done.
    Before,
}

/// The outcome of an attempt in metrics.
#[must_use]
pub const fn outcome(sent: &Result<Sent, SendError>) -> MessageOutcome {
    match sent {
        Ok(Sent::Now) => MessageOutcome::Sent,
        Ok(Sent::Before) => MessageOutcome::Repeated,
        Err(SendError::Retry { .. }) => MessageOutcome::Retry,
        Err(SendError::TurnedAway(_)) => MessageOutcome::Postponed,
        Err(SendError::Permanent { .. } | SendError::NotFound) => MessageOutcome::Failed,
    }
}

/// Dependencies for sending mails.
#[derive(Clone)]
pub struct Mails {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// Sends them.
    pub mailer: Arc<dyn Mailer>,
    /// Draws the tickets that are attached.
    pub draw_pdf: DrawPdf,
}

/// Dependencies for sending Viber messages.
#[derive(Clone)]
pub struct ViberMessages {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// Sends them.
    pub viber: Arc<dyn Viber>,
}

/// Sends a recorded mail. A mail that is sent again after a crash carries the same Message-ID.
///
/// # Errors
/// See [`SendError`]; the failure is recorded with the message.
pub async fn send_email(mails: &Mails, id: NotificationId) -> Result<Sent, SendError> {
    let (pool, clock) = (&mails.pool, &mails.clock);
    let Some((event, content)) = begin(pool, clock, id, Channel::Email).await? else {
        return Ok(Sent::Before);
    };
    let outcome = match email(id, clock.now(), event, content, mails.draw_pdf).await {
        Ok(mail) => {
            let sent = mails.mailer.send(mail).await;
            sent.map_err(|error| SendError::heard(error, clock.now()))
        }
        Err(error) => Err(error),
    };
    finish(pool, clock, id, outcome).await
}

/// Sends a recorded Viber message. One that is sent again after a crash carries the same tracking data.
///
/// # Errors
/// See [`SendError`]; the failure is recorded with the message.
pub async fn send_viber(messages: &ViberMessages, id: NotificationId) -> Result<Sent, SendError> {
    let (pool, clock) = (&messages.pool, &messages.clock);
    let Some((event, content)) = begin(pool, clock, id, Channel::Viber).await? else {
        return Ok(Sent::Before);
    };
    let outcome = match viber_message(id, event, content) {
        Ok(message) => {
            let sent = messages.viber.send(&message).await;
            sent.map_err(|error| SendError::heard(error, clock.now()))
        }
        Err(error) => Err(error),
    };
    finish(pool, clock, id, outcome).await
}

/// Records the attempt and loads the contents; `None` when the message has been sent.
async fn begin(
    pool: &PgPool,
    clock: &Clock,
    id: NotificationId,
    channel: Channel,
) -> Result<Option<(Event, Content)>, SendError> {
    let mut conn = pool.acquire().await?;
    match db::notification::begin(&mut conn, id, channel, clock.now()).await? {
        Start::Unknown => Err(SendError::NotFound),
        Start::Sent => Ok(None),
        Start::Begun {
            attempt,
            ticket_id,
            event,
        } => {
            if attempt > 1 {
                tracing::info!(notification_id = %id, attempt, "sending the message again");
            }
            let content = db::notification::find_content(&mut conn, ticket_id).await?;
            trace::note("orders", ticket_id);
            content.map(|content| Some((event, content))).ok_or(SendError::NotFound)
        }
    }
}

/// Records how the attempt ended. Recording a success is retried until it is done, since a repeat would reach the
/// passenger twice.
async fn finish(
    pool: &PgPool,
    clock: &Clock,
    id: NotificationId,
    outcome: Result<String, SendError>,
) -> Result<Sent, SendError> {
    match outcome {
        Ok(reply) => {
            let (now, reply) = (clock.now(), reply.as_str());
            effect::record("a message that was sent", async || {
                db::notification::mark_sent(&mut *pool.acquire().await?, id, now, reply).await
            })
            .await;
            Ok(Sent::Now)
        }
        Err(error @ SendError::TurnedAway(_)) => {
            db::notification::take_back(&mut *pool.acquire().await?, id).await?;
            Err(error)
        }
        Err(error) => {
            if let Err(unrecorded) = mark_failed(pool, id, &error).await {
                let unrecorded = chain(&unrecorded);
                tracing::warn!(notification_id = %id, error = unrecorded, "could not record the reason of a failure");
            }
            Err(error)
        }
    }
}

async fn mark_failed(pool: &PgPool, id: NotificationId, error: &SendError) -> AppResult<()> {
    db::notification::mark_failed(&mut *pool.acquire().await?, id, error.fault(), &text(error)).await
}

/// The cause of a failure, in one line that fits its column.
fn text(error: &SendError) -> String {
    let cause = error.source().map_or_else(|| error.to_string(), chain);
    cause.chars().take(ERROR_CHARS).collect()
}

async fn email(
    id: NotificationId,
    now: DateTime<Utc>,
    event: Event,
    content: Content,
    draw_pdf: DrawPdf,
) -> Result<Mail, SendError> {
    let to_address = content.email.clone().ok_or_else(|| no_receiver("address"))?;
    let reply_to = content
        .company_email
        .clone()
        .map(|address| (content.company.clone(), address));
    let message = message(event, content)?;
    // Drawing the PDF computes for milliseconds, which must not block a thread that serves sockets.
    let letter = tokio::task::spawn_blocking(move || message.letter(draw_pdf))
        .await
        .map_err(|e| SendError::Permanent { source: e.into() })??;
    let (picture, attachment) = match letter.ticket {
        Some(ticket) => (
            Some(Picture {
                content_id: QR_CONTENT_ID.to_owned(),
                png: ticket.qr,
            }),
            Some(Pdf {
                name: TICKET_FILE_NAME.to_owned(),
                bytes: ticket.pdf,
            }),
        ),
        None => (None, None),
    };
    Ok(Mail {
        id: id.to_string(),
        date: now,
        to_name: letter.to_name,
        to_address,
        reply_to,
        subject: letter.subject,
        plain: letter.plain,
        html: letter.html,
        picture,
        attachment,
    })
}

fn viber_message(id: NotificationId, event: Event, content: Content) -> Result<ViberMessage, SendError> {
    let receiver = content
        .viber_phone
        .clone()
        .ok_or_else(|| no_receiver("phone with Viber"))?;
    Ok(ViberMessage {
        receiver,
        text: message(event, content)?.viber_text()?,
        tracking_data: id.to_string(),
    })
}

fn no_receiver(what: &str) -> SendError {
    SendError::Permanent {
        source: format!("the passenger has no {what} any more").into(),
    }
}
