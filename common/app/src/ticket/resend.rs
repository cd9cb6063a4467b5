//! Sends a ticket again at the request of its company.

use chrono::TimeDelta;
use db::history::Line;
use db::notification::Owner;
use db::ticket::Update;
use domain::id::{CompanyId, HistoryId, TicketId};
use domain::notification::Channel;
use domain::ticket::{Event, TicketStatus};

use super::company::{self, Record};
use crate::contact;
use crate::error::{AppError, AppResult, Noun};
use crate::notification::{Announcement, announce_on};
use crate::quota::at_most;
use crate::work::Work;
use crate::{Actor, Platform};

/// How often a ticket may be sent again within an hour.
pub const MOST: usize = 3;

/// The span in which [`MOST`] counts.
const SPAN: TimeDelta = TimeDelta::hours(1);

/// Corrected addresses; what is left out stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Correction {
    /// The passenger's new e-mail address.
    pub email: Option<String>,
    /// The passenger's new phone number for messages; E.164.
    pub phone: Option<String>,
}

impl Correction {
    /// The channels to send on: those that were corrected, or all if none was.
    fn channels(&self) -> Vec<Channel> {
        let corrected = |channel: &Channel| match channel {
            Channel::Email => self.email.is_some(),
            Channel::Viber => self.phone.is_some(),
        };
        let channels: Vec<Channel> = Channel::ALL.iter().copied().filter(corrected).collect();
        match channels.is_empty() {
            true => Channel::ALL.to_vec(),
            false => channels,
        }
    }
}

/// Sends a company's ticket to its passenger again: the latest message that carried it, under new ids, so that it is
/// not treated as a repeat of the first one. Returns the ticket, and what is recorded about it.
///
/// # Errors
/// Not found when it is unknown or another company's; [`AppError::TicketConflict`] unless it is confirmed; rate limited
/// after [`MOST`] within an hour; validation of the correction, and when no channel reaches the passenger.
pub async fn resend(
    platform: &Platform,
    work: &Work,
    company_id: CompanyId,
    actor: &Actor,
    id: TicketId,
    correction: Correction,
) -> AppResult<Record> {
    let channels = correction.channels();
    let email = correction
        .email
        .as_deref()
        .map(|typed| contact::address("email", typed));
    let email = email.transpose().map_err(|error| AppError::Validation(vec![error]))?;
    let now = platform.clock.now();
    let unknown = || AppError::NotFound(Noun::Ticket);
    let mut tx = work.begin().await?;
    let (ticket, _) = db::ticket::company::lock(&mut tx, company_id, id)
        .await?
        .ok_or_else(unknown)?;
    let state = ticket.state.at(ticket.created_at, now);
    if state.status != TicketStatus::Confirmed {
        return Err(AppError::TicketConflict(vec![id]));
    }
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX);
    let earlier = db::history::times(&mut tx, id, Event::Resent, now - SPAN, limit).await?;
    at_most(MOST, SPAN, &earlier, now)?;
    if email.is_some() || correction.phone.is_some() {
        db::passenger::correct(&mut tx, id, email.as_deref(), correction.phone.as_deref()).await?;
        // So that partners see when something changed.
        let update = Update {
            id,
            state,
            seat: ticket.seat,
            refund_amount: None,
            prepaid: None,
        };
        db::ticket::update(&mut tx, &[update], now).await?;
    }
    let printed = db::notification::printed(&mut tx, Owner::Company(company_id), id).await?;
    let line = Line {
        id: HistoryId::new(),
        ticket_id: id,
        event: Event::Resent,
        state,
    };
    db::history::insert(&mut tx, &[line], now, actor.author()).await?;
    let announcement = Announcement {
        ticket_id: id,
        history_id: line.id,
        event: printed.and_then(|printed| printed.event).unwrap_or(Event::Confirmed),
    };
    let sent = announce_on(&mut tx, now, &actor.cause, &[announcement], &channels).await?;
    if sent == 0 {
        let message = "is required: the passenger has neither an e-mail address nor a phone number with Viber";
        return Err(AppError::field("email", "required", message));
    }
    tx.commit().await?;
    company::read(work, company_id, id, platform.clock.now()).await
}
