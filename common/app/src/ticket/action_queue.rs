//! Queues actions of the same partner. Those that wait at the same time are carried out in one transaction, as a group;
//! a few groups run at a time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::booking::Booking;
use domain::id::{BookingId, PartnerId, TicketId};
use domain::ticket::Action;
use tokio::sync::oneshot;
use trace::TraceParent;
use tracing::Span;

use crate::Actor;
use crate::error::AppResult;

/// Maximum number of groups of one partner that run at a time: while the commit of one waits for the disk, others read,
/// decide and write. More of them would be smaller, and each costs a connection.
const LANES: usize = 3;

/// Maximum number of actions in one group. It bounds for how long their departures are locked.
const MOST: usize = 16;

/// The answer to an action: what it has done, or `None` if it needs a transaction of its own.
pub(super) type Answer = AppResult<Option<Done>>;

/// What an action has done.
#[derive(Debug)]
pub(super) struct Done {
    /// The booking after it.
    pub booking: Booking,
    /// The tickets that it changed.
    pub changed: Vec<TicketId>,
}

/// An action that waits for its group.
#[derive(Debug)]
pub(super) struct Waiting {
    pub actor: Actor,
    pub booking_id: BookingId,
    pub action: Action,
    /// The tickets; `None` for all of the booking.
    pub tickets: Option<Vec<TicketId>>,
    /// The span of the request.
    pub span: Span,
    pub answer: oneshot::Sender<Answer>,
}

/// The queues of all partners with actions in progress.
#[derive(Debug, Default)]
pub struct Actions(Mutex<Lines>);

#[derive(Debug, Default)]
struct Lines {
    by_partner: HashMap<PartnerId, Line>,
    /// The number of the next place in a queue.
    next: u64,
}

#[derive(Debug, Default)]
struct Line {
    /// Those who wait, by the number of their place, in the order of arrival.
    waiting: BTreeMap<u64, Waiting>,
    /// How many groups run.
    running: usize,
    /// Whether one of these has yet to take its actions: those that arrive until then can belong to it.
    is_gathering: bool,
    /// The bookings that the groups act on. A second action on one of them is decided on what the first one leaves.
    busy: HashSet<BookingId>,
}

impl Line {
    fn can_begin(&self) -> bool {
        let is_free = |waiting: &Waiting| !self.busy.contains(&waiting.booking_id);
        !self.is_gathering && self.running < LANES && self.waiting.values().any(is_free)
    }

    fn take(&mut self, before: u64) -> Vec<Waiting> {
        self.is_gathering = false;
        // Their clients have left.
        self.waiting.retain(|_, waiting| !waiting.answer.is_closed());
        let mut numbers = Vec::new();
        for (number, waiting) in self.waiting.range(..before) {
            if numbers.len() < MOST && self.busy.insert(waiting.booking_id) {
                numbers.push(*number);
            }
        }
        let taken = numbers.iter().filter_map(|number| self.waiting.remove(number));
        taken.collect()
    }
}

impl Actions {
    /// Adds an action to the queue of a partner; returns the number of its place.
    pub(super) fn join(&self, partner_id: PartnerId, waiting: Waiting) -> u64 {
        let mut lines = self.lock();
        let number = lines.next;
        lines.next += 1;
        let line = lines.by_partner.entry(partner_id).or_default();
        line.waiting.insert(number, waiting);
        number
    }

    /// Leaves the queue; `false` if a group has taken the action.
    pub(super) fn leave(&self, partner_id: PartnerId, number: u64) -> bool {
        let mut lines = self.lock();
        let line = lines.by_partner.get_mut(&partner_id);
        line.is_some_and(|line| line.waiting.remove(&number).is_some())
    }

    /// Begins a group, if one may run now and would find actions: it gathers them until it takes them
    /// ([`take`](Self::take)), and runs until its end ([`end`](Self::end)). Returns the place in a trace and the
    /// span of the action that has waited longest, and the number of the next place in the queue.
    pub(super) fn begin(&self, partner_id: PartnerId) -> Option<(Option<TraceParent>, Span, u64)> {
        let mut lines = self.lock();
        let next = lines.next;
        let line = lines.by_partner.get_mut(&partner_id).filter(|line| line.can_begin())?;
        let first = line.waiting.values().next()?;
        let (traceparent, span) = (first.actor.cause.traceparent, first.span.clone());
        line.running += 1;
        line.is_gathering = true;
        Some((traceparent, span, next))
    }

    /// The actions of the group that gathers: the first ones in the order of arrival, with places below `before`, each
    /// on a booking of its own, on which no other group acts.
    pub(super) fn take(&self, partner_id: PartnerId, before: u64) -> Vec<Waiting> {
        let mut lines = self.lock();
        let line = lines.by_partner.get_mut(&partner_id);
        line.map(|line| line.take(before)).unwrap_or_default()
    }

    /// Ends a group that acted on these bookings; `None` if it has taken no actions yet.
    pub(super) fn end(&self, partner_id: PartnerId, bookings: Option<&[BookingId]>) {
        let mut lines = self.lock();
        let Some(line) = lines.by_partner.get_mut(&partner_id) else {
            return;
        };
        line.running = line.running.saturating_sub(1);
        match bookings {
            Some(bookings) => line.busy.retain(|booking| !bookings.contains(booking)),
            None => line.is_gathering = false,
        }
        if line.running == 0 && line.waiting.is_empty() {
            lines.by_partner.remove(&partner_id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
