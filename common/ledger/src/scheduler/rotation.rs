//! Shares the room of each list among the tenants that wait for it, in turns.

use std::time::Instant;

use uuid::Uuid;

use super::window::Window;
use crate::Queue;
use crate::db::turn::{List, Share, Waiting};

/// Jobs of one list that are sent at a time.
const BATCH: i64 = 500;

/// Tenants of one list that are examined at a time; the others follow next time.
pub const TURNS: i64 = 64;

/// A list, and the state of its round.
#[derive(Debug)]
struct ListRound {
    list: List,
    window: Window,
    /// The tenant that is next.
    next: Uuid,
    /// The first tenant of the first look in which nothing was sent, since something was.
    idle_from: Option<Uuid>,
    /// Whether a round in which nothing was sent is complete, since something was sent or the relay last rested.
    is_idle: bool,
    /// What the look found: how many jobs can be sent now, and how many would fill the window.
    room: i64,
    full: i64,
    /// The tenants that the look covered.
    seen: Seen,
}

/// The tenants that a look covered: from the first to the last, or all.
#[derive(Debug, Default)]
struct Seen {
    first: Uuid,
    last: Uuid,
    is_all: bool,
}

impl ListRound {
    /// Whether the look left out tenants that may have jobs to send. After one round without success a list is left
    /// alone until all lists have had one.
    fn leaves_out(&mut self, has_sent: bool) -> bool {
        if has_sent {
            self.idle_from = None;
            self.is_idle = false;
            return !self.seen.is_all;
        }
        if self.seen.is_all {
            self.idle_from = None;
        }
        self.is_idle = self.is_idle || self.seen.is_all || self.comes_round();
        !self.is_idle
    }

    /// Whether a look in which nothing was sent completes a round of such looks.
    fn comes_round(&mut self) -> bool {
        let Seen { first, last, .. } = self.seen;
        let Some(from) = self.idle_from else {
            self.idle_from = Some(first);
            return false;
        };
        let is_round = from == first
            || if first <= last {
                first < from && from <= last
            } else {
                first < from || from <= last
            };
        if is_round {
            self.idle_from = None;
        }
        is_round
    }
}

/// The lists of all queues.
#[derive(Debug)]
pub struct Rotation {
    places: Vec<ListRound>,
}

/// What may remain to be sent.
#[derive(Debug, Default)]
pub struct Remaining {
    /// Whether more may wait for a list that something was sent into.
    pub is_more: bool,
    /// Whether tenants were left out that may have due jobs.
    pub is_partial: bool,
}

impl Rotation {
    /// Rounds that begin with the first tenant.
    pub fn new(queues: &[Queue]) -> Self {
        let place = |list| ListRound {
            list,
            window: Window::default(),
            next: Uuid::nil(),
            idle_from: None,
            is_idle: false,
            room: 0,
            full: 0,
            seen: Seen::default(),
        };
        Self {
            places: List::of(queues).map(place).collect(),
        }
    }

    /// The lists, in the order in which [`look`](Self::look) expects their lengths.
    pub fn lists(&self) -> impl Iterator<Item = List> {
        self.places.iter().map(|place| place.list)
    }

    /// Notes how long the lists are, and returns those with room, each with the tenant that is next.
    pub fn look(&mut self, lengths: &[i64], now: Instant) -> Vec<(List, Uuid)> {
        for (place, length) in self.places.iter_mut().zip(lengths) {
            place.full = place.window.room(*length, now);
            place.room = place.full.min(BATCH);
        }
        self.with_room().map(|place| (place.list, place.next)).collect()
    }

    /// Divides the room of the lists that the look returned equally among the waiting tenants that have due jobs.
    pub fn share(&mut self, waiting: &[Waiting]) -> Vec<Share> {
        let mut shares = Vec::new();
        for (number, place) in self.with_room().enumerate() {
            let those: Vec<&Waiting> = waiting.iter().filter(|waiting| waiting.place == number).collect();
            let were_all = i64::try_from(those.len()).is_ok_and(|count| count < TURNS);
            let served = usize::try_from(place.room).unwrap_or_default();
            let due: Vec<Uuid> = those
                .iter()
                .filter(|waiting| waiting.is_due)
                .map(|waiting| waiting.tenant)
                .collect();
            let is_all = due.len() <= served;
            let due = due.get(..served).unwrap_or(&due);
            // Continues after the last tenant that was served, or after the last one examined if all were served.
            let last = if is_all {
                those.last().map(|waiting| waiting.tenant)
            } else {
                due.last().copied()
            };
            place.seen = Seen {
                first: place.next,
                last: last.unwrap_or_default(),
                is_all: were_all && is_all,
            };
            if let Some(last) = last {
                place.next = Uuid::from_u128(last.as_u128().wrapping_add(1));
            }
            let tenants = i64::try_from(due.len()).unwrap_or(i64::MAX).max(1);
            let jobs = (place.room + tenants - 1) / tenants;
            let list = place.list;
            shares.extend(due.iter().map(|tenant| Share {
                list,
                tenant: *tenant,
                jobs,
            }));
        }
        shares
    }

    /// Notes how many jobs were sent into the lists that had room. Due jobs may not have been sent: another relay may
    /// hold them.
    pub fn sent(&mut self, shares: &[Share], sent: impl Fn(List) -> i64, now: Instant) -> Remaining {
        let mut remaining = Remaining::default();
        for place in self.with_room() {
            let sent = sent(place.list);
            let of_list = shares.iter().filter(|share| share.list == place.list);
            // At least one tenant used up its share.
            let may_be_more = sent > 0 && sent >= of_list.map(|share| share.jobs).min().unwrap_or_default();
            let is_partial = place.leaves_out(sent > 0);
            // What fits into the window may be more than a batch.
            if sent >= place.room && place.window.is_past_half(place.full - sent) {
                place.window.fill(now);
            } else if !may_be_more && !is_partial {
                place.window.rest();
            }
            remaining.is_more |= may_be_more;
            remaining.is_partial |= is_partial;
        }
        if !remaining.is_partial {
            for place in &mut self.places {
                place.is_idle = false;
            }
        }
        remaining
    }

    fn with_room(&mut self) -> impl Iterator<Item = &mut ListRound> {
        self.places.iter_mut().filter(|place| place.room > 0)
    }
}

#[cfg(test)]
mod tests;
