//! Rules on responses to clients: what a response confirmed is in the database, and nothing else of that client is.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::Finding;
use crate::error::Result;
use crate::load::{Journey, MAIL_DOMAIN, Records, Sold};

/// A ticket that this harness has sold.
#[derive(Debug, FromRow)]
struct Ticket {
    id: Uuid,
    booking_id: Uuid,
    email: String,
    status: String,
    payment_status: String,
}

/// Compares the journeys of all rounds with the tickets.
pub async fn check(pool: &PgPool, records: &Records) -> Result<Vec<Finding>> {
    let sold = "select t.id, t.booking_id, p.email, t.status, t.payment_status
                from tickets t join passengers p on p.id = t.passenger_id where p.email like '%@' || $1";
    let tickets: Vec<Ticket> = sqlx::query_as(sold).bind(MAIL_DOMAIN).fetch_all(pool).await?;
    let mut by_key: HashMap<&str, Vec<&Ticket>> = HashMap::new();
    for ticket in &tickets {
        let key = ticket.email.split('@').next().unwrap_or_default();
        by_key.entry(key).or_default().push(ticket);
    }
    let mut findings = Vec::new();
    for journey in records.journeys() {
        let tickets = by_key.remove(journey.key.as_str()).unwrap_or_default();
        if let Some(detail) = contradiction(&journey, &tickets) {
            findings.push(Finding {
                rule: "what was answered is in the database, once",
                detail: format!("{}, {:?}: {detail}", journey.key, journey.state),
            });
        }
    }
    findings.extend(by_key.into_keys().map(|key| Finding {
        rule: "nothing is sold without a request",
        detail: key.to_owned(),
    }));
    Ok(findings)
}

fn contradiction(journey: &Journey, tickets: &[&Ticket]) -> Option<String> {
    let bookings: BTreeSet<Uuid> = tickets.iter().map(|ticket| ticket.booking_id).collect();
    if bookings.len() > 1 {
        return Some(format!("several bookings: {bookings:?}"));
    }
    if journey.state == Sold::Nothing {
        let is_refused = !tickets.is_empty();
        return is_refused.then(|| format!("a booking that was not answered with success: {bookings:?}"));
    }
    let booking = journey.booking.as_deref().and_then(inner);
    if booking.is_none() || bookings.first() != booking.as_ref() {
        return Some(format!("answered {:?}, stored {bookings:?}", journey.booking));
    }
    let answered: BTreeSet<Uuid> = journey.orders.iter().filter_map(|id| inner(id)).collect();
    let stored: BTreeSet<Uuid> = tickets.iter().map(|ticket| ticket.id).collect();
    if answered != stored || stored.len() != journey.passengers {
        return Some(format!("answered tickets {answered:?}, stored {stored:?}"));
    }
    let wrong = tickets
        .iter()
        .find(|ticket| !fits(journey.state, &ticket.status, &ticket.payment_status))?;
    Some(format!("{} is {} {}", wrong.id, wrong.status, wrong.payment_status))
}

fn fits(state: Sold, status: &str, payment: &str) -> bool {
    match state {
        Sold::Nothing => false,
        // It is not paid within 20 minutes: a long run sees the ticket expire.
        Sold::Created => matches!(status, "Processing" | "Uncompleted") && payment == "Unpaid",
        Sold::Paid => (status, payment) == ("Confirmed", "Paid"),
        Sold::Booked => (status, payment) == ("Confirmed", "Booked"),
        Sold::Canceled => status == "Canceled",
        Sold::Refunded => (status, payment) == ("Refund", "Paid"),
    }
}

/// The UUID in an id with a prefix.
pub fn inner(id: &str) -> Option<Uuid> {
    Uuid::parse_str(id.split_once('_')?.1).ok()
}

/// A report as it is stored.
#[derive(Debug, FromRow)]
struct Report {
    id: Uuid,
    status: String,
    object_key: Option<String>,
    size_bytes: Option<i64>,
}

/// Compares accepted reports with the stored ones, and those with their files.
pub async fn reports(pool: &PgPool, records: &Records, store: &Path) -> Result<Vec<Finding>> {
    let stored = "select id, status, object_key, size_bytes from reports";
    let stored: Vec<Report> = sqlx::query_as(stored).fetch_all(pool).await?;
    let known: BTreeSet<Uuid> = stored.iter().map(|report| report.id).collect();
    let mut findings = Vec::new();
    for id in records.reports() {
        if inner(&id).is_none_or(|id| !known.contains(&id)) {
            findings.push(Finding {
                rule: "an accepted report is stored",
                detail: id,
            });
        }
    }
    for report in stored {
        let file = report.object_key.as_deref().map(|key| store.join(key));
        let size = match &file {
            Some(file) => tokio::fs::metadata(file).await.ok().map(|file| file.len()),
            None => None,
        };
        let is_whole = size.is_some() && size == report.size_bytes.and_then(|size| u64::try_from(size).ok());
        if report.status != "Completed" || !is_whole {
            let (id, status) = (report.id, report.status);
            findings.push(Finding {
                rule: "every report is completed, and its file is whole",
                detail: format!(
                    "{id} is {status}, the file has {size:?} of {:?} bytes",
                    report.size_bytes
                ),
            });
        }
    }
    Ok(findings)
}
