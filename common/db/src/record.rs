//! What is written with a change of tickets: history, messages, jobs. Here they are columns of the one statement that
//! writes the change ([`super::sale`], [`super::ticket::action`]).

use domain::id::{HistoryId, NotificationId, TicketId};
use domain::notification::Channel;
use domain::ticket::Event;
use ledger::NewJob;
use ledger::id::JobId;
use uuid::Uuid;

use super::history::Line;

/// A message to a passenger, to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: NotificationId,
    /// The ticket that it is about.
    pub ticket_id: TicketId,
    /// Its line of history.
    pub history_id: HistoryId,
    /// Its channel.
    pub channel: Channel,
    /// The event.
    pub event: Event,
}

/// What is written together with a change of tickets. The caller holds locks on the tickets' rows, so that the numbers
/// that the database assigns to lines of history increase in the order of commits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// A history row for each ticket.
    pub lines: Vec<Line>,
    /// Messages about it.
    pub messages: Vec<Message>,
    /// The jobs that send the messages.
    pub jobs: Vec<NewJob>,
}

/// The columns of [`Records`].
#[derive(Debug, Default)]
pub(super) struct Columns {
    pub history_ids: Vec<Uuid>,
    pub history_tickets: Vec<Uuid>,
    pub actions: Vec<String>,
    pub statuses: Vec<String>,
    pub payment_statuses: Vec<String>,
    pub message_ids: Vec<Uuid>,
    pub message_tickets: Vec<Uuid>,
    pub message_lines: Vec<Uuid>,
    pub channels: Vec<String>,
    pub events: Vec<String>,
    pub job_ids: Vec<Uuid>,
    pub queues: Vec<String>,
    pub kinds: Vec<String>,
    pub payloads: Vec<serde_json::Value>,
    pub dedupe_keys: Vec<Option<String>>,
    pub max_attempts: Vec<i16>,
    pub are_urgent: Vec<bool>,
    pub tenants: Vec<Uuid>,
}

impl Columns {
    pub(super) fn of(records: &Records) -> Self {
        let Records { lines, messages, jobs } = records;
        let mut columns = Self {
            history_ids: lines.iter().map(|line| line.id.0).collect(),
            history_tickets: lines.iter().map(|line| line.ticket_id.0).collect(),
            actions: lines.iter().map(|line| line.event.to_string()).collect(),
            statuses: lines.iter().map(|line| line.state.status.to_string()).collect(),
            payment_statuses: lines.iter().map(|line| line.state.payment_status.to_string()).collect(),
            message_ids: messages.iter().map(|message| message.id.0).collect(),
            message_tickets: messages.iter().map(|message| message.ticket_id.0).collect(),
            message_lines: messages.iter().map(|message| message.history_id.0).collect(),
            channels: messages.iter().map(|message| message.channel.to_string()).collect(),
            events: messages.iter().map(|message| message.event.to_string()).collect(),
            ..Self::default()
        };
        for new in jobs {
            columns.job_ids.push(JobId::new().0);
            columns.queues.push(new.queue.name().to_owned());
            columns.kinds.push(new.kind.to_owned());
            columns.payloads.push(new.payload.clone());
            columns.dedupe_keys.push(new.dedupe_key.clone());
            columns.max_attempts.push(new.max_attempts);
            columns.are_urgent.push(new.priority.is_urgent());
            columns.tenants.push(new.tenant);
        }
        columns
    }
}
