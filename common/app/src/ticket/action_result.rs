//! The response to an action: the tickets after it, from what it read and wrote.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use db::journey::DepartureKey;
use db::ticket::Update;
use db::ticket::action::{Found, Head};
use domain::booking::{Booking, Ticket};
use domain::id::TicketId;
use domain::journey::Journey;
use domain::ticket::Action;
use domain::timetable::Timetable;
use domain::usage::Counts;
use sqlx::PgConnection;

use super::action_request::Request;
use super::partner::PartnerTicket;
use crate::error::{AppError, AppResult};
use crate::work::Work;

/// The journeys of tickets.
pub(super) type Journeys = HashMap<TicketId, Arc<Journey>>;

/// Tickets after an action, in the order of their ids, including unchanged ones.
pub(super) struct Changed {
    /// How many tickets the action changed.
    count: usize,
    /// When it was carried out.
    now: DateTime<Utc>,
    tickets: Vec<(Head, Ticket)>,
}

impl Changed {
    /// The tickets as a read at `now` would return them; `seats` has the seats that may have changed.
    ///
    /// # Errors
    /// Internal when the journey of a ticket is missing.
    pub(super) fn new(
        found: Vec<Found>,
        journeys: &Journeys,
        updates: &[Update],
        seats: &HashMap<TicketId, u16>,
        now: DateTime<Utc>,
    ) -> AppResult<Self> {
        let updates: HashMap<TicketId, &Update> = updates.iter().map(|update| (update.id, update)).collect();
        let ticket = |found: Found| -> AppResult<(Head, Ticket)> {
            let before = found.ticket;
            let none = || AppError::Internal(format!("ticket {} has no journey", before.id));
            let journey = journeys.get(&before.id).cloned().ok_or_else(none)?;
            let update = updates.get(&before.id);
            let ticket = Ticket {
                id: before.id,
                reference: found.reference,
                booking_id: found.booking_id,
                company_id: before.company_id,
                state: update
                    .map_or(before.state, |update| update.state)
                    .at(before.created_at, now),
                created_at: before.created_at,
                refund_amount: update.and_then(|update| update.refund_amount).or(found.refund_amount),
                note: found.note,
                passenger: found.passenger,
                price_id: found.price_id,
                price: before.price,
                discount: found.discount,
                seat: seats.get(&before.id).copied().unwrap_or(before.seat),
                permission: found.permission,
                journey,
            };
            Ok((found.booking, ticket))
        };
        Ok(Self {
            count: updates.len(),
            now,
            tickets: found.into_iter().map(ticket).collect::<AppResult<_>>()?,
        })
    }

    /// Counts usage and frees seats in memory, after the commit of the work.
    pub(super) fn done(&self, request: &Request<'_>, work: &Work) {
        let (partner_id, action, now) = (request.partner_id, request.action, self.now);
        let (usage, counts) = (Arc::clone(&request.platform.usage), Counts::action(action, self.count));
        work.after_commit(move || usage.note(partner_id, now, counts));
        if action == Action::Cancel {
            let journeys = self.tickets.iter().map(|(_, ticket)| &ticket.journey);
            let departures: Vec<DepartureKey> =
                journeys.map(|journey| (journey.trip_id, journey.service_day)).collect();
            let turns = Arc::clone(&request.platform.turns);
            work.after_commit(move || turns.freed(departures.into_iter()));
        }
    }

    /// The booking that all of them are in.
    pub(super) fn booking(self) -> Option<Booking> {
        let (head, first) = self.tickets.first()?;
        let updated_at = match self.count {
            0 => self.tickets.iter().map(|(head, _)| head.updated_at).max()?,
            _ => self.now,
        };
        Some(Booking {
            id: first.booking_id,
            reference: head.reference.clone(),
            language: head.language,
            created_at: head.created_at,
            updated_at,
            departure_at: head.departure_at,
            tickets: self.tickets.into_iter().map(|(_, ticket)| ticket).collect(),
        })
    }

    /// The tickets with these ids, in this order.
    pub(super) fn tickets(self, ids: &[TicketId]) -> Vec<PartnerTicket> {
        let tickets: HashMap<TicketId, PartnerTicket> = self
            .tickets
            .into_iter()
            .map(|(Head { language, .. }, ticket)| (ticket.id, PartnerTicket { ticket, language }))
            .collect();
        ids.iter().filter_map(|id| tickets.get(id).cloned()).collect()
    }
}

/// The journeys of tickets: the calls are those that were frozen, the names are from memory. All are read only if the
/// timetable does not have a departure as it was sold (the trip was withdrawn, or the bus or a stop has changed). A
/// ticket whose journey cannot be read has none.
pub(super) async fn journeys(
    conn: &mut PgConnection,
    found: &[&Found],
    timetable: Option<&Timetable>,
) -> AppResult<Journeys> {
    let known = |found: &&Found| {
        let (trip_id, service_day) = found.ticket.departure;
        let segment = &found.ticket.segment;
        let journey = timetable?.frozen_journey(trip_id, service_day, found.bus_id?, segment, &found.calls)?;
        Some((found.ticket.id, Arc::new(journey)))
    };
    let journeys: Option<Journeys> = found.iter().map(known).collect();
    if let Some(journeys) = journeys {
        return Ok(journeys);
    }
    let mut keys: Vec<DepartureKey> = found.iter().map(|found| found.ticket.departure).collect();
    keys.sort_unstable();
    keys.dedup();
    let departures = db::journey::load(conn, &keys).await?;
    let read = |found: &&Found| {
        let segment = &found.ticket.segment;
        let journey = departures.journey(found.ticket.departure, segment.start, segment.end)?;
        Some((found.ticket.id, Arc::new(journey)))
    };
    Ok(found.iter().filter_map(read).collect())
}
