//! A sold departure at its place in the timetable: where the positions of its tickets are there.

use std::collections::{BTreeSet, HashMap};

use db::journey::DepartureKey;
use db::timetable::sold::{SoldCall, SoldTicket};
use domain::realign::realign;
use domain::ticket::TicketStatus;

/// Where a departure goes.
#[derive(Debug, Clone)]
pub struct Target {
    /// Which departure it is from now on.
    pub key: DepartureKey,
    /// The calls of that.
    pub calls: Vec<SoldCall>,
    /// Where each position in use has gone.
    positions: HashMap<i16, i16>,
}

impl Target {
    /// `None` when the tickets use stops that are not there in this order. `old` are the calls as sold, `calls` those
    /// of the departure `key`.
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

    /// The same, with the places of the old and the new calls as the caller compares them, such as their cities.
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
    /// remaining ones: its positions are only history.
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

/// Where the positions that tickets use have gone; those of tickets that are over count only if they can.
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
