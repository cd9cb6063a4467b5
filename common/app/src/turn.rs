//! Queues sales of the same departure. Its lock in the database serialises them anyway; here they wait in the order of
//! their arrival, before they take a database connection, so that a rush on one departure does not block others. After
//! a sale has found the bus full, the following ones are refused without a query for a moment.
//!
//! `FULL_FOR` documents the possible error. Nothing is sold here: only the database decides on a sale.

use std::collections::HashMap;
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

/// The queues of all departures with sales in progress.
#[derive(Debug, Default)]
pub struct Turns {
    lines: Mutex<HashMap<DepartureKey, Line>>,
    /// Incremented when seats were freed on unknown departures.
    freed: AtomicU64,
}

#[derive(Debug, Clone, Default)]
struct Line {
    /// The holder of the lock has the turn. tokio's mutex is fair: it is granted in the order of requests.
    turn: Arc<tokio::sync::Mutex<Option<Full>>>,
    /// Incremented when seats were freed on the departure.
    freed: Arc<AtomicU64>,
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
pub struct Turn {
    turns: Arc<Turns>,
    full: OwnedMutexGuard<Option<Full>>,
    /// When the seats were last queried, and the counters of freed seats at that time.
    asked: (Instant, (u64, u64)),
    freed: Arc<AtomicU64>,
}

impl Turns {
    /// Waits for the turn at a departure.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when it takes too long.
    pub async fn take(self: &Arc<Self>, departure: DepartureKey) -> AppResult<Turn> {
        let line = {
            let mut lines = self.lines();
            if lines.len() >= REMEMBERED {
                lines.retain(|_, line| Arc::strong_count(&line.turn) > 1);
            }
            lines.entry(departure).or_default().clone()
        };
        let full = tokio::time::timeout(TIMEOUT, line.turn.lock_owned())
            .await
            .map_err(|_| AppError::Unavailable("too many concurrent purchases on the departure"))?;
        let mut turn = Turn {
            turns: Arc::clone(self),
            full,
            asked: (Instant::now(), (0, 0)),
            freed: line.freed,
        };
        turn.asks();
        Ok(turn)
    }

    /// Notes that seats were freed on these departures.
    pub fn freed(&self, departures: impl Iterator<Item = DepartureKey>) {
        let lines = self.lines();
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

    fn lines(&self) -> MutexGuard<'_, HashMap<DepartureKey, Line>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Turn {
    fn freed_so_far(&self) -> (u64, u64) {
        (
            self.turns.freed.load(Ordering::SeqCst),
            self.freed.load(Ordering::SeqCst),
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
mod tests {
    use std::sync::Arc;

    use chrono::{DateTime, TimeDelta};
    use domain::id::{PartnerId, TripId};

    use super::{Turns, Wish};

    fn wish() -> Wish {
        Wish {
            partner_id: PartnerId::new(),
            segment: 0..3,
            version: 7,
            now: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
        }
    }

    #[tokio::test]
    async fn turns_come_in_the_order_of_arrival() {
        let turns = Arc::new(Turns::default());
        let departure = (TripId::new(), wish().now.date_naive());
        let first = turns.take(departure).await.unwrap();
        let order = Arc::new(std::sync::Mutex::new(Vec::new()));
        let mut tasks = Vec::new();
        for number in 0..8 {
            let (turns, order) = (Arc::clone(&turns), Arc::clone(&order));
            tasks.push(tokio::spawn(async move {
                let _turn = turns.take(departure).await.unwrap();
                order.lock().unwrap().push(number);
            }));
            tokio::task::yield_now().await;
        }
        // Other departures are not blocked.
        drop(turns.take((TripId::new(), departure.1)).await.unwrap());
        drop(first);
        futures::future::join_all(tasks).await;
        assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
    }

    #[tokio::test]
    async fn a_full_bus_is_full_for_the_same_wish_until_something_changes() {
        let turns = Arc::new(Turns::default());
        let departure = (TripId::new(), wish().now.date_naive());
        let mine = wish();
        let mut turn = turns.take(departure).await.unwrap();
        assert_eq!(turn.is_full(&mine, 2), None);
        turn.found_full(mine.clone(), 1);
        assert_eq!((turn.is_full(&mine, 2), turn.is_full(&mine, 1)), (Some(1), None));
        let others = [
            wish(),
            Wish {
                segment: 0..2,
                ..mine.clone()
            },
            Wish {
                version: 8,
                ..mine.clone()
            },
            Wish {
                now: mine.now + TimeDelta::milliseconds(100),
                ..mine.clone()
            },
        ];
        for other in others {
            assert_eq!(turn.is_full(&other, 2), None);
        }
        turns.freed([(TripId::new(), departure.1)].into_iter());
        assert_eq!(turn.is_full(&mine, 2), Some(1));
        turns.freed([departure].into_iter());
        assert_eq!(turn.is_full(&mine, 2), None);
        turn.asks();
        turn.found_full(mine.clone(), 1);
        assert_eq!(turn.is_full(&mine, 2), Some(1));
        turns.freed_somewhere();
        assert_eq!(turn.is_full(&mine, 2), None);
        // A query from before a seat was freed must not be remembered as if it were newer.
        turn.found_full(mine.clone(), 1);
        assert_eq!(turn.is_full(&mine, 2), None);
        turn.asks();
        turn.found_full(mine.clone(), 1);
        turn.sold();
        assert_eq!(turn.is_full(&mine, 2), None);
    }
}
