//! The records of a change of tickets: a history row for each, and the messages to their passengers.

use chrono::{DateTime, Utc};
use db::history::Line;
use db::record::{Message, Records};
use domain::booking::Passenger;
use domain::id::{HistoryId, NotificationId, PartnerId, TicketId};
use domain::ticket::{Event, State};
use sqlx::PgConnection;

use crate::Actor;
use crate::error::AppResult;
use crate::notification::{self, Announcement};

/// Writes history for what happened to tickets and announces it to their passengers, in the caller's transaction.
///
/// # Errors
/// Database errors only.
pub async fn record(
    conn: &mut PgConnection,
    actor: &Actor,
    events: impl Iterator<Item = (TicketId, Event, State)>,
    now: DateTime<Utc>,
) -> AppResult<()> {
    let lines: Vec<Line> = events
        .map(|(ticket_id, event, state)| line(ticket_id, event, state))
        .collect();
    note(lines.iter().map(|line| line.ticket_id));
    db::history::insert(conn, &lines, now, actor.author()).await?;
    let announcements: Vec<Announcement> = lines
        .iter()
        .map(|line| Announcement {
            ticket_id: line.ticket_id,
            history_id: line.id,
            event: line.event,
        })
        .collect();
    notification::announce(conn, now, &actor.cause, &announcements).await
}

/// What [`record`] would write, for a caller that already has the passengers and writes it together with the change:
/// one history entry per event, and a message on each channel that reaches the passenger, with its job. The tickets are
/// this partner's.
///
/// # Errors
/// Never: payloads of ids encode.
pub fn records<'a>(
    partner_id: PartnerId,
    events: impl Iterator<Item = (TicketId, Event, State, &'a Passenger)>,
    now: DateTime<Utc>,
) -> ledger::Result<Records> {
    let mut records = Records::default();
    for (ticket_id, event, state, passenger) in events {
        let line = line(ticket_id, event, state);
        for channel in passenger.channels() {
            let id = NotificationId::new();
            records.messages.push(Message {
                id,
                ticket_id,
                history_id: line.id,
                channel,
                event,
            });
            records
                .jobs
                .push(notification::job(id, channel, event, partner_id, now)?);
        }
        records.lines.push(line);
    }
    note(records.lines.iter().map(|line| line.ticket_id));
    Ok(records)
}

/// Puts the ids of the tickets into the span of the request or job that changes them, so that its log lines can be
/// found by them.
pub(super) fn note(tickets: impl Iterator<Item = TicketId>) {
    let ids: Vec<String> = tickets.map(|ticket| ticket.to_string()).collect();
    trace::note("orders", ids.join(" "));
}

fn line(ticket_id: TicketId, event: Event, state: State) -> Line {
    Line {
        id: HistoryId::new(),
        ticket_id,
        event,
        state,
    }
}
