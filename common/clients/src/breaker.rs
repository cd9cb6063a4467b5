//! Circuit breakers and bulkheads: an external system that fails or hangs does not take all slots of a process.
//!
//! What is guarded is a *unit*: anything that can fail or hang independently (the mail relay, the domain of a receiver,
//! the host of a tracking provider, the file store). State is per process.
//!
//! - **Breaker.** After [`THRESHOLD`] failures in a row no request is made for [`FIRST_PAUSE`], then one request tries
//!   again (half-open); each time that fails the pause doubles, up to [`LONGEST_PAUSE`].
//! - **Bulkhead.** A unit has three quarters of the slots at most, and a quarter while its latest request failed. A
//!   request that finds it full waits as long as other requests to it end; when none has ended for [`STALL`], it is
//!   rejected.
//!
//! A rejected request was never sent: it is tried again later, which does not count as an attempt. Retries are spread,
//! so that a backlog does not arrive at once.

mod slot;

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::provider::Fault;
use tokio::sync::Notify;
use tokio::time::Instant;

pub use slot::BreakerSlot;

/// Failures in a row that open a breaker.
pub const THRESHOLD: u32 = 5;
/// The first pause of an open breaker.
pub const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause of an open breaker.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// A full unit counts as hanging when no request has ended for this time.
pub const STALL: Duration = Duration::from_secs(2);

/// Shortest time before a request to a hanging unit is tried again.
const STALLED_PAUSE: Duration = Duration::from_secs(2);
/// Interval between retries.
const SPREAD: Duration = Duration::from_millis(10);
/// Longest delay that spreading adds.
const LONGEST_SPREAD: Duration = Duration::from_secs(120);
/// The longest pause that a provider may ask for (`Retry-After`).
const LONGEST_ASKED: Duration = Duration::from_secs(300);
/// A failing unit without requests for this time is forgotten if there are many units.
const FORGOTTEN_AFTER: Duration = Duration::from_secs(600);
/// Units that are remembered without a request in flight.
const MEMORY: usize = 1024;

/// Why a request was not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} {why}")]
pub struct TurnedAway {
    /// The kind of unit.
    pub what: &'static str,
    /// The problem.
    pub why: &'static str,
    /// When to try again.
    pub after: Duration,
}

const FAILING: &str = "failed several times in a row and is paused";
const HANGING: &str = "does not answer the requests in flight";

/// The units of one kind.
#[derive(Debug)]
pub struct Breakers {
    /// The kind, for logs.
    what: &'static str,
    /// Whether logs name the unit; not where its name is personal data.
    is_named: bool,
    /// Whether slots are reserved for other units of the kind.
    is_shared: bool,
    slots: usize,
    units: Mutex<HashMap<String, Unit>>,
    /// A slot may have become free.
    freed: Notify,
}

#[derive(Debug)]
struct Unit {
    /// Requests in flight.
    busy: usize,
    /// Failures since the last success.
    failures: u32,
    /// No requests before this instant.
    open_until: Option<Instant>,
    /// Pauses in a row.
    pauses: u32,
    /// Requests rejected since the breaker opened or a request ended.
    turned_away: u32,
    /// When a request ended, or the first of those in flight began.
    moved_at: Instant,
}

impl Unit {
    fn new(now: Instant) -> Self {
        Self {
            busy: 0,
            failures: 0,
            open_until: None,
            pauses: 0,
            turned_away: 0,
            moved_at: now,
        }
    }

    /// Slots of this unit.
    fn places(&self, slots: usize, is_shared: bool) -> usize {
        match (self.open_until, self.failures) {
            (Some(_), _) => 1,
            (None, 0) if !is_shared => usize::MAX,
            (None, 0) => (slots - (slots / 4).max(1)).max(1),
            (None, _) => (slots / 4).max(1),
        }
    }

    /// The delay that spreading adds to this retry.
    fn spread(&mut self) -> Duration {
        self.turned_away = self.turned_away.saturating_add(1);
        (SPREAD * (self.turned_away - 1)).min(LONGEST_SPREAD)
    }
}

/// The decision about a request for a slot.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Admitted,
    Wait(Instant),
    TurnedAway(&'static str, Duration),
}

impl Breakers {
    /// Units of a kind in a process with this number of slots.
    #[must_use]
    pub fn new(what: &'static str, slots: usize) -> Self {
        Self {
            what,
            is_named: true,
            is_shared: true,
            slots: slots.max(1),
            units: Mutex::default(),
            freed: Notify::new(),
        }
    }

    /// The same, with the names of units kept out of logs.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self {
            is_named: false,
            ..self
        }
    }

    /// The same for a kind with a single unit: while it works, no other unit needs its slots.
    #[must_use]
    pub fn alone(self) -> Self {
        Self {
            is_shared: false,
            ..self
        }
    }

    /// A slot at a unit. Its holder reports how the request ended; a slot that is dropped without a report (the job was
    /// canceled) counts as a failure.
    ///
    /// # Errors
    /// When the unit is paused or hangs.
    pub async fn enter(&self, unit: &str) -> Result<BreakerSlot<'_>, TurnedAway> {
        loop {
            // Before the check, so that a slot that becomes free meanwhile is not missed.
            let freed = self.freed.notified();
            match self.decide(unit, Instant::now()) {
                Decision::Admitted => {
                    return Ok(BreakerSlot::new(self, unit));
                }
                Decision::TurnedAway(why, after) => {
                    return Err(TurnedAway {
                        what: self.what,
                        why,
                        after,
                    });
                }
                Decision::Wait(until) => {
                    // The next iteration finds out whether a slot is free or the unit hangs.
                    let _ = tokio::time::timeout_at(until, freed).await;
                }
            }
        }
    }

    fn decide(&self, name: &str, now: Instant) -> Decision {
        let mut units = self.units();
        let unit = units.entry(name.to_owned()).or_insert_with(|| Unit::new(now));
        if let Some(until) = unit.open_until
            && (now < until || unit.busy > 0)
        {
            let wait = until.saturating_duration_since(now).max(FIRST_PAUSE / 5);
            return Decision::TurnedAway(FAILING, wait + unit.spread());
        }
        if unit.busy < unit.places(self.slots, self.is_shared) {
            if unit.busy == 0 {
                unit.moved_at = now;
            }
            unit.busy += 1;
            return Decision::Admitted;
        }
        let stalls_at = unit.moved_at + STALL;
        if now < stalls_at {
            return Decision::Wait(stalls_at);
        }
        Decision::TurnedAway(HANGING, STALLED_PAUSE + unit.spread())
    }

    fn units(&self) -> MutexGuard<'_, HashMap<String, Unit>> {
        self.units.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self, name: &str, end: End, now: Instant) {
        let mut units = self.units();
        let Some(unit) = units.get_mut(name) else { return };
        unit.busy = unit.busy.saturating_sub(1);
        unit.moved_at = now;
        unit.turned_away = 0;
        match end {
            End::Unsaid => {}
            End::Answered => {
                if unit.open_until.take().is_some() {
                    tracing::info!(what = self.what, unit = self.shown(name), "provider available again");
                }
                (unit.failures, unit.pauses) = (0, 0);
            }
            End::Failed { fault, asked } => {
                unit.failures = unit.failures.saturating_add(1);
                let failures = unit.failures;
                // Requests that were in flight when it opened carry no new information.
                let opens = unit.open_until.map_or(failures >= THRESHOLD, |until| now >= until);
                if opens {
                    unit.pauses = unit.pauses.saturating_add(1);
                    let pause = pause(unit.pauses).max(asked.min(LONGEST_ASKED));
                    unit.open_until = Some(now + pause);
                    self.say_open(name, fault, failures, pause);
                }
            }
        }
        if units.len() > MEMORY || matches!(end, End::Answered) {
            let is_idle = |unit: &Unit| unit.busy == 0 && (unit.failures == 0 || now > unit.moved_at + FORGOTTEN_AFTER);
            if units.len() > MEMORY {
                units.retain(|_, unit| !is_idle(unit));
            } else if units.get(name).is_some_and(is_idle) {
                units.remove(name);
            }
        }
        drop(units);
        self.freed.notify_waiters();
    }

    fn say_open(&self, name: &str, fault: Fault, failures: u32, pause: Duration) {
        let is_ours = fault == Fault::Setup;
        let (what, unit, fault, seconds) = (self.what, self.shown(name), fault.word(), pause.as_secs());
        if is_ours {
            tracing::error!(what, unit, fault, failures, seconds, "provider paused after failures");
        } else {
            tracing::warn!(what, unit, fault, failures, seconds, "provider paused after failures");
        }
    }

    fn shown<'a>(&self, name: &'a str) -> &'a str {
        if self.is_named { name } else { "" }
    }
}

/// The length of pause number `pauses` in a row; the first is 1.
fn pause(pauses: u32) -> Duration {
    let doublings = pauses.saturating_sub(1).min(10);
    (FIRST_PAUSE * 2u32.pow(doublings)).min(LONGEST_PAUSE)
}

#[derive(Clone, Copy)]
enum End {
    Answered,
    Unsaid,
    Failed { fault: Fault, asked: Duration },
}

#[cfg(test)]
mod tests;
