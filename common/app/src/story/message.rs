//! Entries about messages: their delivery, why they were not sent, and why there is none.

use chrono::{DateTime, Utc};
use db::housekeeping::UNSENT_RETENTION;
use db::story::{Line, Message, Ticket};
use domain::language::Messenger;
use domain::notification::Channel;
use domain::ticket::Event;
use ledger::db::story::JobStory;

use super::{Entry, Kind, job, mask};

const fn name(channel: Channel) -> &'static str {
    match channel {
        Channel::Email => "mail",
        Channel::Viber => "Viber message",
    }
}

/// Entries for the recording and the sending of a message.
pub(super) fn entries(message: &Message, ticket: Option<&Ticket>) -> Vec<Entry> {
    let entry = |at, text| Entry {
        at,
        kind: Kind::Message,
        id: message.id.to_string(),
        text,
        ids: vec![message.ticket_id.to_string()],
    };
    let name = name(message.channel);
    let to = match (message.channel, ticket.and_then(|ticket| ticket.email.as_deref())) {
        (Channel::Email, Some(email)) => format!(" to {}", mask::address(email)),
        _ => String::new(),
    };
    let mut entries = vec![entry(message.created_at, format!("a {name}{to} was recorded"))];
    if let Some(at) = message.sent_at {
        let (attempts, reply) = (message.attempts, replied(message.reply.as_deref()));
        entries.push(entry(
            at,
            format!("the {name} was accepted by the provider, at attempt {attempts}{reply}"),
        ));
    }
    entries
}

/// The reply to a message, after a colon. It was masked before it was stored (`smtp`, `clients::viber`).
pub(super) fn replied(reply: Option<&str>) -> String {
    reply.map_or_else(String::new, |reply| format!(": {reply}"))
}

/// Why a message was not sent; `None` when it was. `lacks_jobs`: its job may be one that was not read.
pub(super) fn standing(
    message: &Message,
    job: Option<&JobStory>,
    lacks_jobs: bool,
    now: DateTime<Utc>,
) -> Option<Entry> {
    if message.state == "sent" {
        return None;
    }
    let name = name(message.channel);
    let text = match job {
        Some(job) if job.state != "done" => format!("the {name} was not sent: it {}", job::standing(job, now)),
        None if lacks_jobs => format!("the {name} was not sent; the story of {} tells of its job", message.id),
        None if message.created_at <= now - UNSENT_RETENTION => {
            format!("the {name} was not sent; its job was canceled, and is not kept any more")
        }
        _ => format!("the {name} was not sent, and no job will send it (a violation of message_without_job)"),
    };
    let mut ids = vec![message.ticket_id.to_string()];
    ids.extend(job.map(|job| job.id.to_string()));
    Some(Entry {
        at: now,
        kind: Kind::Now,
        id: message.id.to_string(),
        text,
        ids,
    })
}

/// Why there is no message of an event on the channels that lack one. When a ticket was sent again, only the channels
/// that were chosen then have messages, so none is missing. `messages` contains all messages of the event, also those
/// that the story is not about.
pub(super) fn missing<'m>(line: &Line, ticket: &Ticket, messages: impl Iterator<Item = &'m Message>) -> Vec<Entry> {
    let of_line: Vec<Channel> = messages
        .filter(|message| message.history_id == line.id)
        .map(|message| message.channel)
        .collect();
    if line.action == Event::Resent.word() && !of_line.is_empty() {
        return Vec::new();
    }
    let missing = Channel::ALL
        .iter()
        .copied()
        .filter(|channel| !of_line.contains(channel));
    missing
        .map(|channel| Entry {
            at: line.at,
            kind: Kind::NoMessage,
            id: line.ticket_id.to_string(),
            text: format!("no {}: {}", name(channel), reason(channel, ticket, line.is_reach_known)),
            ids: Vec::new(),
        })
        .collect()
}

fn reason(channel: Channel, ticket: &Ticket, is_known: bool) -> String {
    let is_reachable = match channel {
        Channel::Email => ticket.email.as_deref().is_some_and(|email| !email.is_empty()),
        Channel::Viber => ticket.messengers.iter().any(|name| name == Messenger::Viber.word()),
    };
    match channel {
        _ if is_reachable && is_known => {
            "though the passenger can be reached (a violation of event_without_message)".to_owned()
        }
        _ if is_reachable => "the passenger of then could not be reached by it".to_owned(),
        Channel::Email => "the passenger has no e-mail address".to_owned(),
        Channel::Viber if ticket.phones == 0 => "the passenger has no phone number".to_owned(),
        Channel::Viber if ticket.messengers.is_empty() => "the passenger has no phone number with Viber".to_owned(),
        Channel::Viber => {
            let others = ticket.messengers.join(" and ");
            format!("the passenger has no phone number with Viber, and {others} is not served")
        }
    }
}
