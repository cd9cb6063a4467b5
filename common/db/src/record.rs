//! What is written with a change of tickets: history, messages, jobs. Here they are columns of the one statement that
//! writes the changes, one or several ([`super::sale`], [`super::ticket::action`]).

use domain::id::{HistoryId, NotificationId, TicketId};
use domain::notification::Channel;
use domain::ticket::Event;
use ledger::id::JobId;
use ledger::{Cause, NewJob};
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
    /// Messages about it, of the same event.
    pub messages: Vec<Message>,
    /// The jobs that send the messages, in their order. Their dedupe keys are the ids of the messages.
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
    /// Adds the rows of more records after those that are there.
    pub(super) fn add(&mut self, Records { lines, messages, jobs }: &Records) {
        for line in lines {
            self.history_ids.push(line.id.0);
            self.history_tickets.push(line.ticket_id.0);
            self.actions.push(line.event.to_string());
            self.statuses.push(line.state.status.to_string());
            self.payment_statuses.push(line.state.payment_status.to_string());
        }
        for message in messages {
            self.message_ids.push(message.id.0);
            self.message_tickets.push(message.ticket_id.0);
            self.message_lines.push(message.history_id.0);
            self.channels.push(message.channel.to_string());
            self.events.push(message.event.to_string());
        }
        for new in jobs {
            self.job_ids.push(JobId::new().0);
            self.queues.push(new.queue.name().to_owned());
            self.kinds.push(new.kind.to_owned());
            self.payloads.push(new.payload.clone());
            self.dedupe_keys.push(new.dedupe_key.clone());
            self.max_attempts.push(new.max_attempts);
            self.are_urgent.push(new.priority.is_urgent());
            self.tenants.push(new.tenant);
        }
    }
}

/// What caused each job.
#[derive(Debug, Default)]
pub(super) struct Causes {
    pub request_ids: Vec<Option<String>>,
    pub trace_ids: Vec<Option<String>>,
    pub traceparents: Vec<Option<String>>,
}

impl Causes {
    /// The cause of every job of records; `continued` adds the span of the statement to it.
    pub(super) fn of<'a>(
        all: impl Iterator<Item = (&'a Records, &'a Cause)>,
        continued: impl Fn(&Cause) -> Cause,
    ) -> Self {
        let mut causes = Self::default();
        for (records, cause) in all {
            let cause = continued(cause);
            for _ in &records.jobs {
                causes.request_ids.push(cause.request_id.clone());
                causes.trace_ids.push(cause.trace_id.clone());
                causes.traceparents.push(cause.traceparent.map(String::from));
            }
        }
        causes
    }
}

/// `x-request-id` of each line of history of records.
pub(super) fn line_requests<'a>(all: impl Iterator<Item = (&'a Records, &'a Cause)>) -> Vec<Option<String>> {
    let each = all.flat_map(|(records, cause)| records.lines.iter().map(move |_| cause.request_id.clone()));
    each.collect()
}
