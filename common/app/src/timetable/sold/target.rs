//! The departure to which the tickets of a sold departure move, and their new positions in it.

use std::collections::{BTreeSet, HashMap};

use db::journey::DepartureKey;
use db::timetable::sold::{SoldCall, SoldTicket};
use domain::realign::realign;
use domain::ticket::TicketStatus;

/// The destination of a sold departure.
#[derive(Debug, Clone)]
pub struct Target {
    /// The key that it has from now on.
    pub key: DepartureKey,
    /// The calls of the departure with that key.
    pub calls: Vec<SoldCall>,
    /// For each position in use, the new position.
    positions: HashMap<i16, i16>,
}

impl Target {
    /// The target `key`; `None` when the tickets use stops that it does not serve in this order. `old` are the calls as
    /// sold, `calls` those of the departure `key`.
    pub fn of(key: DepartureKey, calls: Vec<SoldCall>, old: &[SoldCall], tickets: &[SoldTicket]) -> Option<Self> {
        let stops = |calls: &[SoldCall]| calls.iter().map(|call| call.stop_id).collect::<Vec<_>>();
        let positions = positions(&stops(old), &stops(&calls), tickets)?;
        Some(Self { key, calls, positions })
    }

    /// The departure as it was sold, under another key.
    pub fn unmoved(key: DepartureKey, calls: &[SoldCall], tickets: &[SoldTicket]) -> Self {
        let rekeyed = calls.iter().map(|call| SoldCall {
            trip_id: key.0,
            service_day: key.1,
            ..*call
        });
        let positions = tickets.iter().flat_map(|t| [t.boarding_position, t.alighting_position]);
        Self {
            key,
            calls: rekeyed.collect(),
            positions: positions.map(|position| (position, position)).collect(),
        }
    }

    /// As [`of`](Self::of), but compares the given places of the old and the new calls, such as their cities.
    pub fn among<P: PartialEq>(
        key: DepartureKey,
        calls: Vec<SoldCall>,
        (old, new): (&[P], &[P]),
        tickets: &[SoldTicket],
    ) -> Option<Self> {
        let positions = positions(old, new, tickets)?;
        Some(Self { key, calls, positions })
    }

    /// A ticket with its new positions. One that is no longer usable and whose stops are gone is placed between the
    /// remaining ones: its positions are only historical.
    pub fn moved(&self, ticket: SoldTicket) -> SoldTicket {
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
            trip_id: self.key.0,
            service_day: self.key.1,
            boarding_position: position(boarding),
            alighting_position: position(alighting),
            boarding_at: self.calls[boarding].departure_at,
            ..ticket
        }
    }
}

/// Positions that tickets use, ascending.
pub fn used<'t>(tickets: impl Iterator<Item = &'t SoldTicket>) -> Vec<usize> {
    let positions: BTreeSet<i16> = tickets
        .flat_map(|t| [t.boarding_position, t.alighting_position])
        .collect();
    positions.into_iter().filter_map(|p| usize::try_from(p).ok()).collect()
}

/// For each position that tickets use, the new one. Positions of canceled and refunded tickets are included only if
/// that is possible.
fn positions<P: PartialEq>(old: &[P], new: &[P], tickets: &[SoldTicket]) -> Option<HashMap<i16, i16>> {
    let over = |t: &&SoldTicket| matches!(t.status, TicketStatus::Canceled | TicketStatus::Refund);
    let all = used(tickets.iter());
    let alive = used(tickets.iter().filter(|t| !over(t)));
    [all, alive].into_iter().find_map(|needed| {
        let found = realign(old, new, &needed)?;
        let pairs = needed.into_iter().zip(found);
        pairs
            .map(|(old, new)| Some((i16::try_from(old).ok()?, i16::try_from(new).ok()?)))
            .collect()
    })
}
