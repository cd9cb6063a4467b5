//! Converts stored data to entries.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::audit::AuditEntry;
use db::story::{Line, Ticket};
use domain::id::TicketId;

use super::{Entry, Kind, Known, job, mask, message, report, schedule, upload};

/// All entries, unsorted.
pub(super) fn entries(known: &Known, now: DateTime<Utc>) -> Vec<Entry> {
    let ticket = |id: TicketId| known.tickets.iter().find(|ticket| ticket.id == id);
    let mut entries = requests(known);
    for line in &known.lines {
        let ticket = ticket(line.ticket_id);
        entries.push(event(line, ticket));
        if let Some(ticket) = ticket {
            let messages = known.messages.iter().chain(&known.other_messages);
            entries.extend(message::missing(line, ticket, messages));
        }
    }
    for moved in &known.moves {
        entries.push(Entry {
            at: moved.at,
            kind: Kind::Move,
            id: moved.ticket_id.to_string(),
            text: format!("moved from {} to {}", moved.from, moved.to),
            ids: vec![moved.from.to_string(), moved.to.to_string()],
        });
    }
    for message in &known.messages {
        entries.extend(message::entries(message, ticket(message.ticket_id)));
        let job = known.job_of(message);
        entries.extend(message::standing(message, job, known.lacks_jobs(), now));
    }
    for report in &known.reports {
        entries.extend(report::entries(report, &known.runs, now));
    }
    entries.extend(schedule::entries(known, now));
    for uploaded in &known.uploads {
        entries.extend(upload::entries(uploaded, now));
    }
    entries.extend(known.job_actions.iter().map(job::action));
    for job in &known.jobs {
        entries.extend(job::entries(job));
        let is_of_message = known
            .messages
            .iter()
            .any(|message| job.dedupe_key == Some(message.id.to_string()))
            || schedule::is_of_mail(known, job);
        if !is_of_message && job.state != "done" {
            entries.push(Entry {
                at: now,
                kind: Kind::Now,
                id: job.id.to_string(),
                text: format!("{} {}", job.kind, job::standing(job, now)),
                ids: Vec::new(),
            });
        }
    }
    entries.extend(known.tickets.iter().map(|ticket| standing(ticket, now)));
    entries
}

/// The requests that changed something, with their senders and actions.
fn requests(known: &Known) -> Vec<Entry> {
    let mut requests: BTreeMap<&str, Vec<&Line>> = BTreeMap::new();
    for line in &known.lines {
        if let Some(request_id) = &line.request_id {
            requests.entry(request_id).or_default().push(line);
        }
    }
    let of_lines = requests.into_iter().filter_map(|(request_id, lines)| {
        let first = lines.first()?;
        let mut done: BTreeMap<&str, usize> = BTreeMap::new();
        for line in &lines {
            *done.entry(line.action.as_str()).or_default() += 1;
        }
        let done: Vec<String> = done
            .iter()
            .map(|(action, orders)| format!("{action} {orders}"))
            .collect();
        let who = who(
            &first.actor,
            known.tickets.iter().find(|ticket| ticket.id == first.ticket_id),
        );
        Some(Entry {
            at: first.at,
            kind: Kind::Request,
            id: request_id.to_owned(),
            text: format!("a request by {who}; orders: {}", done.join(", ")),
            ids: vec![first.actor.clone()],
        })
    });
    let of_reports = known.reports.iter().filter_map(report::request);
    let of_acts = known.acts.iter().filter_map(act);
    of_lines.chain(of_reports).chain(of_acts).collect()
}

/// What a request did, according to the audit trail.
fn act(entry: &AuditEntry) -> Option<Entry> {
    let AuditEntry { action, subject, .. } = entry;
    let who = entry.actor_name.as_ref().unwrap_or(&entry.actor);
    Some(Entry {
        at: entry.at,
        kind: Kind::Request,
        id: entry.request_id.clone()?,
        text: format!("{action} of {subject} by {who}: {}", mask::text(&entry.reason)),
        ids: vec![entry.actor.clone()],
    })
}

/// The actor; partners with their names.
fn who(actor: &str, ticket: Option<&Ticket>) -> String {
    match ticket {
        Some(ticket) if ticket.partner_id.to_string() == actor => format!("{actor} ({})", ticket.partner),
        _ => actor.to_owned(),
    }
}

fn event(line: &Line, ticket: Option<&Ticket>) -> Entry {
    let (action, status, payment_status) = (&line.action, &line.status, &line.payment_status);
    let mut text = format!("{action}: {status}, {payment_status}; by {}", who(&line.actor, ticket));
    if let Some(ticket) = ticket
        && let (Some(refund), "Refund") = (ticket.refund_amount, status.as_str())
    {
        text.push_str(&format!("; refund of {refund} {} of {}", ticket.currency, ticket.price));
    }
    if let Some(reason) = &line.reason {
        text.push_str(&format!("; reason: {}", mask::text(reason)));
    }
    let mut ids = vec![line.actor.clone()];
    ids.extend(line.request_id.clone());
    Entry {
        at: line.at,
        kind: Kind::Event,
        id: line.ticket_id.to_string(),
        text,
        ids,
    }
}

fn standing(ticket: &Ticket, now: DateTime<Utc>) -> Entry {
    let (status, payment_status, seat) = (&ticket.status, &ticket.payment_status, ticket.seat);
    let seat = if ticket.holds_seat {
        format!("holds seat {seat}")
    } else {
        "holds no seat".to_owned()
    };
    let (company, boarding, reference) = (&ticket.company, job::instant(ticket.boarding_at), &ticket.reference);
    Entry {
        at: now,
        kind: Kind::Now,
        id: ticket.id.to_string(),
        text: format!(
            "the order {reference} is {status}, {payment_status}, and {seat}; company {company}, boarding at {boarding}"
        ),
        ids: vec![ticket.booking_id.to_string(), ticket.partner_id.to_string()],
    }
}
