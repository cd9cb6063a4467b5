//! Queues sales of the same departure. Its lock in the database serialises them anyway; here they wait in the order of
//! their arrival, before they take a database connection, so that a rush on one departure does not block others. A sale
//! whose turn it is may take others from the queue and sell them together with its own. After a sale has found the bus
//! full, the following ones are refused without a query for a moment.
//!
//! `FULL_FOR` documents the possible error. Nothing is sold here: only the database decides on a sale.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use db::journey::DepartureKey;
use domain::id::PartnerId;
use domain::seat::Segment;
use tokio::sync::OwnedMutexGuard;

use crate::error::{AppError, AppResult};

/// How long a refusal applies to later sales, from the moment of its query. During this time, a seat that another
/// process frees is not sold; one that this process frees is sold immediately.
const FULL_FOR: Duration = Duration::from_millis(100);

/// Longest wait for a turn. Sales take milliseconds; when something else holds the lock of the departure, waiting
/// requests must not fill the process.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Number of departures above which those without a current or waiting sale are dropped.
const REMEMBERED: usize = 1_024;

/// Maximum number of partners for which a refusal is remembered.
const PARTNERS: usize = 64;

/// The queues of all departures with sales in progress. `T` is a sale that others may make together with theirs.
#[derive(Debug)]
pub struct Turns<T> {
    lines: Mutex<HashMap<DepartureKey, Line<T>>>,
    /// Incremented when seats were freed on unknown departures.
    freed: AtomicU64,
    /// The number of the next place in a queue.
    next: AtomicU64,
}

#[derive(Debug)]
struct Line<T> {
    /// The holder of the lock has the turn. tokio's mutex is fair: it is granted in the order of requests.
    turn: Arc<tokio::sync::Mutex<Option<Full>>>,
    /// Incremented when seats were freed on the departure.
    freed: Arc<AtomicU64>,
    /// Those who wait and that others may take along, by the number of their place, in the order of arrival.
    waiting: Arc<Mutex<BTreeMap<u64, T>>>,
}

/// The parameters of a sale on which a refusal depends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The buying partner.
    pub partner_id: PartnerId,
    /// The segment.
    pub segment: Segment,
    /// The version of the published state.
    pub version: i64,
    /// The time.
    pub now: DateTime<Utc>,
}

/// A bus that was full.
#[derive(Debug)]
struct Full {
    segment: Segment,
    version: i64,
    seats_left: u16,
    /// Partners that were refused and may book on it; others must first be refused for other reasons.
    partners: Vec<PartnerId>,
    now: DateTime<Utc>,
    at: Instant,
    freed: (u64, u64),
}

/// A turn at a departure; it ends when it is dropped.
#[derive(Debug)]
pub struct Turn<T> {
    turns: Arc<Turns<T>>,
    line: Line<T>,
    full: OwnedMutexGuard<Option<Full>>,
    /// When the seats were last queried, and the counters of freed seats at that time.
    asked: (Instant, (u64, u64)),
}

/// A place in the queue of a departure; it is left when this is dropped.
#[derive(Debug)]
pub struct QueuePlace<T> {
    turns: Arc<Turns<T>>,
    line: Line<T>,
    number: u64,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self {
            lines: Mutex::default(),
            freed: AtomicU64::default(),
            next: AtomicU64::default(),
        }
    }
}

// Derived ones would require the same of `T`.
impl<T> Default for Line<T> {
    fn default() -> Self {
        Self {
            turn: Arc::default(),
            freed: Arc::default(),
            waiting: Arc::default(),
        }
    }
}

impl<T> Clone for Line<T> {
    fn clone(&self) -> Self {
        Self {
            turn: Arc::clone(&self.turn),
            freed: Arc::clone(&self.freed),
            waiting: Arc::clone(&self.waiting),
        }
    }
}

impl<T> Turns<T> {
    /// Waits for the turn at a departure.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when it takes too long.
    pub async fn take(self: &Arc<Self>, departure: DepartureKey) -> AppResult<Turn<T>> {
        self.turn(self.line(departure)).await
    }

    /// Takes a place in the queue of a departure, from which others may take `sale` along.
    pub fn join(self: &Arc<Self>, departure: DepartureKey, sale: T) -> QueuePlace<T> {
        let line = self.line(departure);
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        lock(&line.waiting).insert(number, sale);
        QueuePlace {
            turns: Arc::clone(self),
            line,
            number,
        }
    }

    async fn turn(self: &Arc<Self>, line: Line<T>) -> AppResult<Turn<T>> {
        let full = tokio::time::timeout(TIMEOUT, Arc::clone(&line.turn).lock_owned())
            .await
            .map_err(|_| AppError::Unavailable("too many concurrent purchases on the departure"))?;
        let mut turn = Turn {
            turns: Arc::clone(self),
            line,
            full,
            asked: (Instant::now(), (0, 0)),
        };
        turn.asks();
        Ok(turn)
    }

    fn line(&self, departure: DepartureKey) -> Line<T> {
        let mut lines = lock(&self.lines);
        if lines.len() >= REMEMBERED {
            lines.retain(|_, line| Arc::strong_count(&line.turn) > 1);
        }
        lines.entry(departure).or_default().clone()
    }

    /// Notes that seats were freed on these departures.
    pub fn freed(&self, departures: impl Iterator<Item = DepartureKey>) {
        let lines = lock(&self.lines);
        for departure in departures {
            if let Some(line) = lines.get(&departure) {
                line.freed.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    /// Notes that seats were freed on an unknown departure.
    pub fn freed_somewhere(&self) {
        self.freed.fetch_add(1, Ordering::SeqCst);
    }
}

impl<T> QueuePlace<T> {
    /// Waits for the turn.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when it takes too long.
    pub async fn turn(&self) -> AppResult<Turn<T>> {
        self.turns.turn(self.line.clone()).await
    }

    /// Leaves the queue; `false` if another buyer has taken the sale along.
    pub fn leave(&self) -> bool {
        lock(&self.line.waiting).remove(&self.number).is_some()
    }

    /// Takes its own sale from the queue, unless another buyer has, and others that fit, in the order of arrival:
    /// `most` in all.
    pub fn take_along(&self, most: usize, fits: impl Fn(&T) -> bool) -> Vec<T> {
        let mut waiting = lock(&self.line.waiting);
        let own = waiting.remove(&self.number);
        let others = most - usize::from(own.is_some());
        let fitting = waiting.iter().filter(|(_, sale)| fits(sale)).map(|(number, _)| *number);
        let fitting: Vec<u64> = fitting.take(others).collect();
        let mut taken: BTreeMap<u64, T> = own.map(|sale| (self.number, sale)).into_iter().collect();
        taken.extend(fitting.iter().filter_map(|number| waiting.remove_entry(number)));
        taken.into_values().collect()
    }
}

impl<T> Drop for QueuePlace<T> {
    fn drop(&mut self) {
        self.leave();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Turn<T> {
    fn freed_so_far(&self) -> (u64, u64) {
        (
            self.turns.freed.load(Ordering::SeqCst),
            self.line.freed.load(Ordering::SeqCst),
        )
    }

    /// Marks the moment at which the seats are queried.
    pub fn asks(&mut self) {
        self.asked = (Instant::now(), self.freed_so_far());
    }

    /// The number of seats left, if an earlier sale has just found that there are fewer than `count`.
    #[must_use]
    pub fn is_full(&self, wish: &Wish, count: usize) -> Option<u16> {
        let full = self.full.as_ref()?;
        let since = (wish.now - full.now).to_std().ok()?;
        let holds = full.at.elapsed() < FULL_FOR
            && since < FULL_FOR
            && full.freed == self.freed_so_far()
            && (&full.segment, full.version) == (&wish.segment, wish.version)
            && full.partners.contains(&wish.partner_id)
            && usize::from(full.seats_left) < count;
        holds.then_some(full.seats_left)
    }

    /// Records that fewer seats are left than were requested.
    pub fn found_full(&mut self, wish: Wish, seats_left: u16) {
        let (at, freed) = self.asked;
        let before = self.full.take().filter(|full| full.version == wish.version);
        let mut partners = before.map(|full| full.partners).unwrap_or_default();
        if !partners.contains(&wish.partner_id) && partners.len() < PARTNERS {
            partners.push(wish.partner_id);
        }
        *self.full = Some(Full {
            segment: wish.segment,
            version: wish.version,
            seats_left,
            partners,
            now: wish.now,
            at,
            freed,
        });
    }

    /// Forgets what was remembered: something was sold, or the timetable changed.
    pub fn sold(&mut self) {
        *self.full = None;
    }
}

#[cfg(test)]
mod tests;
