//! Departures that carry tickets follow the timetable as far as their tickets can.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;

use super::publish::Published;
use super::report::SoldChanges;
use crate::db::journey::DepartureKey;
use crate::db::timetable::sold::{self, DepartureRow, SoldCall, SoldTicket};
use crate::domain::gtfs::model::Trip;
use crate::domain::order::TicketStatus;
use crate::domain::realign::realign;
use crate::domain::zone::Zone;
use crate::error::{AppError, AppResult};
use crate::id::{FeedId, StopId, TripId};

/// What is to be written.
#[derive(Default)]
struct Moves {
    departures: Vec<DepartureRow>,
    keys: Vec<DepartureKey>,
    calls: Vec<SoldCall>,
    tickets: Vec<SoldTicket>,
}

/// Brings the sold departures of a feed that have not arrived yet in line with what was published. Their rows, and
/// those of their tickets, are locked in the order in which sales lock them.
///
/// # Errors
/// Database errors only.
pub async fn follow(
    conn: &mut PgConnection,
    feed_id: FeedId,
    published: &Published<'_>,
    now: DateTime<Utc>,
) -> AppResult<SoldChanges> {
    let departures = sold::lock(conn, feed_id, now).await?;
    let keys: Vec<DepartureKey> = departures.iter().map(|d| (d.trip_id, d.service_day)).collect();
    if keys.is_empty() {
        return Ok(SoldChanges::default());
    }
    let mut calls: HashMap<DepartureKey, Vec<SoldCall>> = HashMap::new();
    for call in sold::calls(conn, &keys).await? {
        calls.entry((call.trip_id, call.service_day)).or_default().push(call);
    }
    let mut tickets: HashMap<DepartureKey, Vec<SoldTicket>> = HashMap::new();
    for ticket in sold::tickets(conn, &keys).await? {
        tickets
            .entry((ticket.trip_id, ticket.service_day))
            .or_default()
            .push(ticket);
    }
    let trips: HashMap<TripId, usize> = published
        .trips
        .iter()
        .enumerate()
        .map(|(at, row)| (row.id, at))
        .collect();
    let mut changes = SoldChanges::default();
    let mut moves = Moves::default();
    for (departure, key) in departures.into_iter().zip(keys) {
        let old = calls.remove(&key).unwrap_or_default();
        let tickets = tickets.remove(&key).unwrap_or_default();
        match Target::of(
            published,
            trips.get(&departure.trip_id).copied(),
            &departure,
            &old,
            &tickets,
        )? {
            Ok(target) => target.apply(&departure, &old, tickets, &mut moves, &mut changes),
            Err(reason) if !departure.closed => {
                let (trip, day, number) = (&departure.trip_key, departure.service_day, tickets.len());
                changes
                    .closed
                    .push(format!("trip {trip:?} on {day}, {number} tickets: {reason}"));
                moves.departures.push(DepartureRow {
                    closed: true,
                    ..departure
                });
            }
            Err(_) => {}
        }
    }
    sold::replace_calls(conn, &moves.keys, &moves.calls).await?;
    sold::move_tickets(conn, &moves.tickets, now).await?;
    sold::update(conn, &moves.departures, now).await?;
    Ok(changes)
}

/// Where a departure goes.
struct Target {
    bus_id: crate::id::BusId,
    seats: i16,
    calls: Vec<SoldCall>,
    /// Where each position in use has gone.
    positions: HashMap<i16, i16>,
}

impl Target {
    /// What the timetable has for a sold departure, or the reason why its tickets cannot follow.
    fn of(
        published: &Published<'_>,
        trip: Option<usize>,
        departure: &DepartureRow,
        old: &[SoldCall],
        tickets: &[SoldTicket],
    ) -> AppResult<Result<Self, &'static str>> {
        let Some(place) = trip else {
            return Ok(Err("the trip has disappeared"));
        };
        let (trip, row) = (&published.feed.trips[place], &published.trips[place]);
        let days = &published.feed.services[trip.service].days;
        if days.binary_search(&departure.service_day).is_err() {
            return Ok(Err("the trip does not run on this day any more"));
        }
        let zone = Zone::named(&row.time_zone).map_err(|e| AppError::Internal(e.to_string()))?;
        let calls = instants(trip, &published.stops, departure, &zone);
        let stops = |calls: &[SoldCall]| calls.iter().map(|call| call.stop_id).collect::<Vec<StopId>>();
        let Some(positions) = positions(&stops(old), &stops(&calls), tickets) else {
            return Ok(Err(
                "its tickets use stops that it does not serve in this order any more",
            ));
        };
        Ok(Ok(Self {
            bus_id: row.bus_id,
            seats: published.seats.get(&row.bus_id).copied().unwrap_or(departure.seats),
            calls,
            positions,
        }))
    }

    fn apply(
        self,
        departure: &DepartureRow,
        old: &[SoldCall],
        tickets: Vec<SoldTicket>,
        moves: &mut Moves,
        changes: &mut SoldChanges,
    ) {
        if let Some(seat) = tickets
            .iter()
            .filter(|t| t.held && t.seat > self.seats)
            .map(|t| t.seat)
            .max()
        {
            let (trip, day) = (&departure.trip_key, departure.service_day);
            changes.overbooked.push(format!(
                "trip {trip:?} on {day}: seat {seat} is sold, the bus has {}",
                self.seats
            ));
        }
        changes.reopened += u64::from(departure.closed);
        let updated = DepartureRow {
            bus_id: self.bus_id,
            seats: self.seats,
            closed: false,
            ..departure.clone()
        };
        if updated != *departure {
            moves.departures.push(updated);
        }
        if self.calls == old {
            return;
        }
        changes.moved += 1;
        moves.keys.push((departure.trip_id, departure.service_day));
        moves
            .tickets
            .extend(tickets.into_iter().map(|ticket| self.moved(ticket)));
        moves.calls.extend(self.calls);
    }

    /// A ticket at its new positions. One that nobody can use any more and whose stops are gone lands between those
    /// that are left: its positions are history.
    fn moved(&self, ticket: SoldTicket) -> SoldTicket {
        let last = self.calls.len() - 1;
        let nearest = |position: i16| {
            let behind = self.positions.iter().filter(|(old, _)| **old <= position);
            behind.map(|(_, new)| *new).max().unwrap_or(0)
        };
        let boarding = usize::try_from(nearest(ticket.boarding_position))
            .unwrap_or(0)
            .min(last - 1);
        let alighting = usize::try_from(nearest(ticket.alighting_position))
            .unwrap_or(0)
            .max(boarding + 1);
        let position = |at: usize| i16::try_from(at).unwrap_or(i16::MAX);
        SoldTicket {
            boarding_position: position(boarding),
            alighting_position: position(alighting),
            boarding_at: self.calls[boarding].departure_at,
            ..ticket
        }
    }
}

/// The calls of a trip on a day.
fn instants(trip: &Trip, stops: &[StopId], departure: &DepartureRow, zone: &Zone) -> Vec<SoldCall> {
    let start = zone.service_day_start(departure.service_day);
    let call = |(call, position): (&crate::domain::gtfs::model::Call, i16)| SoldCall {
        trip_id: departure.trip_id,
        service_day: departure.service_day,
        position,
        stop_id: stops[call.stop],
        arrival_at: start + TimeDelta::seconds(call.arrival.into()),
        departure_at: start + TimeDelta::seconds(call.departure.into()),
    };
    trip.calls.iter().zip(0_i16..).map(call).collect()
}

/// Where the positions that tickets use have gone; those of tickets that are over count only if they can.
fn positions(old: &[StopId], new: &[StopId], tickets: &[SoldTicket]) -> Option<HashMap<i16, i16>> {
    let over = |t: &&SoldTicket| matches!(t.status, TicketStatus::Canceled | TicketStatus::Refund);
    let used = |tickets: &mut dyn Iterator<Item = &SoldTicket>| {
        let positions: BTreeSet<i16> = tickets
            .flat_map(|t| [t.boarding_position, t.alighting_position])
            .collect();
        positions
            .into_iter()
            .filter_map(|p| usize::try_from(p).ok())
            .collect::<Vec<usize>>()
    };
    let all = used(&mut tickets.iter());
    let alive = used(&mut tickets.iter().filter(|t| !over(t)));
    [all, alive].into_iter().find_map(|needed| {
        let found = realign(old, new, &needed)?;
        let pairs = needed.into_iter().zip(found);
        pairs
            .map(|(old, new)| Some((i16::try_from(old).ok()?, i16::try_from(new).ok()?)))
            .collect()
    })
}
