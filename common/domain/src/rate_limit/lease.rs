//! Leases: requests that a process has already counted in Redis but not yet admitted, so that most requests need no
//! round trip. Leased requests are counted first, so a lease never admits more than the limit; it only admits requests
//! later than they were counted.
//!
//! **Bound.** A process holds [`Limit::lease`] requests at most: the least of a hundredth of the quota, what is
//! replenished in [`LIFE`], and 1,024. So in any window, N processes admit at most N leases more than the limit, and
//! refuse a caller at most N - 1 leases too early. The last few requests of a quota are never leased (a lease is at
//! most an eighth of what is left), and limits for which a lease would be fewer than 8 requests are not leased at all:
//! they are exact.

use std::time::Duration;

use super::{Limit, RateDecision};

/// How long a lease is used. One that ended is renewed, with what is left of it, within the same time again; after that
/// it is forgotten, and its requests stay counted.
pub const LIFE: Duration = Duration::from_millis(250);

/// The same in microseconds.
const LIFE_MICROS: u64 = 250_000;

/// Maximum number of requests of a lease, for any limit.
const MOST: u64 = 1_024;

/// Below this a limit is not leased.
const LEAST: u64 = 8;

impl Limit {
    /// The most requests that a process may hold; 1 when this limit is not leased.
    #[must_use]
    pub const fn lease(self) -> u64 {
        let mut most = MOST;
        let bounds = [self.quota() as u64 / 100, LIFE_MICROS / self.interval()];
        let mut at = 0;
        while at < bounds.len() {
            if bounds[at] < most {
                most = bounds[at];
            }
            at += 1;
        }
        if most < LEAST { 1 } else { most }
    }
}

/// The decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spend {
    /// It was counted before, and passes.
    Held(RateDecision),
    /// Ask Redis for this many, including this one, then call [`Lease::take`] or [`Lease::give_up`].
    Renew(u64),
    /// Another request is renewing the lease: ask for this one alone.
    Single,
}

/// The requests that a process holds of a caller's limit. Instants are microseconds of one clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    taken_at: u64,
    /// Requests that are held.
    left: u64,
    /// Microseconds that were free in Redis when it was taken.
    free: u64,
    /// Target size: the number of requests that are used in half to one lifetime.
    size: u64,
    /// How many were held at first.
    held: u64,
    /// A renewal is in progress.
    is_asked: bool,
}

impl Lease {
    /// Nothing is held.
    #[must_use]
    pub const fn new(now: u64) -> Self {
        Self {
            taken_at: now,
            left: 0,
            free: 0,
            size: 1,
            held: 0,
            is_asked: false,
        }
    }

    /// Whether it can be dropped: its requests are too old to be used or renewed.
    #[must_use]
    pub const fn is_forgotten(&self, now: u64) -> bool {
        !self.is_asked && self.age(now) >= 2 * LIFE_MICROS
    }

    /// A clock that was set back ends it.
    const fn age(&self, now: u64) -> u64 {
        match now.checked_sub(self.taken_at) {
            Some(age) => age,
            None => u64::MAX,
        }
    }

    /// Admits a request from the lease, or returns how many to ask for.
    pub fn spend(&mut self, limit: Limit, now: u64) -> Spend {
        let age = self.age(now);
        if age < LIFE_MICROS && self.left > 0 {
            self.left -= 1;
            return Spend::Held(self.verdict(limit, true, now));
        }
        if self.is_asked {
            return Spend::Single;
        }
        if age >= 2 * LIFE_MICROS {
            *self = Self::new(now);
        } else if self.left > 0 {
            self.size = (self.held - self.left).max(1);
        } else if self.held > 0 && age < LIFE_MICROS / 2 {
            self.size = (2 * self.size).min(limit.lease());
        }
        self.is_asked = true;
        Spend::Renew(self.size.saturating_sub(self.left).max(1))
    }

    /// Adds the granted requests of a renewal, admits its own request if possible, and returns what is left. `free` is
    /// what is free after the grant.
    pub fn take(&mut self, limit: Limit, granted: u64, free: u64, now: u64) -> RateDecision {
        self.left += granted;
        self.held = self.left;
        self.free = free;
        self.taken_at = now;
        self.is_asked = false;
        let allowed = self.left > 0;
        self.left = self.left.saturating_sub(1);
        self.verdict(limit, allowed, now)
    }

    /// Ends a renewal that got no answer.
    pub const fn give_up(&mut self) {
        self.is_asked = false;
    }

    /// The held requests, the free ones, and those replenished since count as free as far as this process knows.
    fn verdict(&self, limit: Limit, allowed: bool, now: u64) -> RateDecision {
        let free = self.free + self.left * limit.interval() + self.age(now).min(limit.burst());
        RateDecision::of_free(limit, allowed, free.min(limit.burst()))
    }
}

#[cfg(test)]
#[path = "lease_tests.rs"]
mod tests;
