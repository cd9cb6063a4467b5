//! How often a caller may send requests: limits by class of operation, and the algorithm that enforces them (GCRA, the
//! generic cell rate algorithm). The code here is a model of the script in `clients::rate_limit`, which makes the
//! decision.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::language::{UnknownWord, words};

pub mod lease;

words! {
    /// What an operation costs us, roughly: each class has a limit of its own.
    Class, "catalogue search read write" {
        /// Cities and stops.
        Catalogue = "catalogue",
        /// Offers and the schedule.
        Search = "search",
        /// Bookings, and how much was used.
        Read = "read",
        /// Sales and what follows them.
        Write = "write",
    }
}

words! {
    /// The tier of a partner.
    PartnerTier, "STANDARD PREMIUM" {
        /// Unless something else was agreed.
        Standard = "STANDARD",
        /// Partners that ask a lot.
        Premium = "PREMIUM",
    }
}

/// A number of requests in a number of seconds: all at once after a pause, then evenly spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    quota: u32,
    window: u32,
}

/// A text or numbers that are not a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a limit must be requests/seconds, such as 100/60, with 1 to {MAX_QUOTA} requests and 1 to {MAX_WINDOW} seconds"
)]
pub struct NotALimit;

/// The largest quota.
pub const MAX_QUOTA: u32 = 1_000_000;

/// The longest window, in seconds: a day.
pub const MAX_WINDOW: u32 = 86_400;

impl Limit {
    /// `quota` requests in `window` seconds.
    ///
    /// # Errors
    /// When a number is out of its bounds.
    pub fn new(quota: u32, window: u32) -> Result<Self, NotALimit> {
        let fits = (1..=MAX_QUOTA).contains(&quota) && (1..=MAX_WINDOW).contains(&window);
        fits.then_some(Self { quota, window }).ok_or(NotALimit)
    }

    /// Requests that may come at once.
    #[must_use]
    pub const fn quota(self) -> u32 {
        self.quota
    }

    /// Seconds in which a used-up quota is whole again.
    #[must_use]
    pub const fn window(self) -> u32 {
        self.window
    }

    /// Microseconds that one request takes up; never 0, since quotas end at a million.
    #[must_use]
    pub const fn interval(self) -> u64 {
        self.window as u64 * 1_000_000 / self.quota as u64
    }

    /// Microseconds that the whole quota takes up: the window, except for the remainder of the division.
    #[must_use]
    pub const fn burst(self) -> u64 {
        self.interval() * self.quota as u64
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.quota, self.window)
    }
}

impl FromStr for Limit {
    type Err = NotALimit;

    fn from_str(text: &str) -> Result<Self, NotALimit> {
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten().ok_or(NotALimit)
        };
        let (quota, window) = text.split_once('/').ok_or(NotALimit)?;
        Self::new(number(quota)?, number(window)?)
    }
}

/// A limit for each class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits([Limit; Class::ALL.len()]);

/// Errors of a list of limits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseLimitsError {
    /// Neither `class=limit` nor a class that is known.
    #[error("{0:?} must be class=requests/seconds, with class one of catalogue, search, read, write")]
    Class(String),
    /// The class is known, but the limit is invalid.
    #[error("{0}: {1}")]
    Limit(Class, NotALimit),
    /// It is unclear which of the two is meant.
    #[error("{0} is given twice")]
    Twice(Class),
}

impl Limits {
    /// The same limit for each class.
    #[must_use]
    pub const fn all(limit: Limit) -> Self {
        Self([limit; Class::ALL.len()])
    }

    /// Default limits of a tier. They are high enough for load tests: to protect a deployment, set limits that fit it.
    #[must_use]
    pub const fn of_tier(tier: PartnerTier) -> Self {
        let quota = match tier {
            PartnerTier::Standard => 20_000,
            PartnerTier::Premium => 100_000,
        };
        Self::all(Limit { quota, window: 10 })
    }

    /// Default limits of an address without a live key.
    #[must_use]
    pub const fn of_addresses() -> Self {
        Self::all(Limit {
            quota: 15_000,
            window: 10,
        })
    }

    /// The limit of a class.
    #[must_use]
    pub const fn of(&self, class: Class) -> Limit {
        self.0[class as usize]
    }

    /// These limits, with this one for that class.
    #[must_use]
    pub const fn with(mut self, class: Class, limit: Limit) -> Self {
        self.0[class as usize] = limit;
        self
    }

    /// These limits, except for those that the text lists: `search=100/60 write=20/60`, with blanks or commas between.
    ///
    /// # Errors
    /// The first thing that is wrong with the text.
    pub fn with_text(self, text: &str) -> Result<Self, ParseLimitsError> {
        let mut listed = Vec::new();
        let mut limits = self;
        for entry in text.split([' ', ',']).filter(|entry| !entry.is_empty()) {
            let parts = entry.split_once('=');
            let class = parts.and_then(|(class, _)| class.parse().ok());
            let (Some(class), Some((_, limit))) = (class, parts) else {
                return Err(ParseLimitsError::Class(entry.to_owned()));
            };
            if listed.contains(&class) {
                return Err(ParseLimitsError::Twice(class));
            }
            listed.push(class);
            let limit = limit.parse().map_err(|error| ParseLimitsError::Limit(class, error))?;
            limits = limits.with(class, limit);
        }
        Ok(limits)
    }
}

/// What is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    /// Limits of the keys of partners of tier STANDARD.
    pub standard: Limits,
    /// Of those of tier PREMIUM.
    pub premium: Limits,
    /// Of addresses without a live key.
    pub address: Limits,
    /// How long a request may wait to be counted.
    pub timeout: Duration,
}

impl Terms {
    /// The limits of the keys of partners of a tier.
    #[must_use]
    pub const fn of_tier(&self, tier: PartnerTier) -> Limits {
        match tier {
            PartnerTier::Standard => self.standard,
            PartnerTier::Premium => self.premium,
        }
    }
}

/// The answer to a request, and what is left after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateDecision {
    /// Whether it may pass.
    pub allowed: bool,
    /// Requests that could pass at this very moment.
    pub remaining: u64,
    /// Microseconds until one more than these could; at least 1.
    pub wait: u64,
}

impl RateDecision {
    /// The remaining requests when `free` microseconds of a limit are unused.
    #[must_use]
    pub const fn of_free(limit: Limit, allowed: bool, free: u64) -> Self {
        let remaining = free / limit.interval();
        Self {
            allowed,
            remaining,
            wait: (remaining + 1) * limit.interval() - free,
        }
    }

    /// The wait in whole seconds, rounded up.
    #[must_use]
    pub fn wait_seconds(&self) -> u32 {
        u32::try_from(self.wait.div_ceil(1_000_000)).unwrap_or(u32::MAX)
    }
}

/// Decides about a request at `now`. `debt` is the instant at which all admitted requests will be paid off (the
/// theoretical arrival time of GCRA), if it is known; the second value is that instant afterwards, `None` when nothing
/// changes. Instants are in microseconds since a fixed origin.
///
/// A debt is never larger than a whole quota, so that neither a clock that was set back nor a lowered limit blocks a
/// caller for longer.
#[must_use]
pub fn decide(limit: Limit, debt: Option<u64>, now: u64) -> (RateDecision, Option<u64>) {
    let (interval, burst) = (limit.interval(), limit.burst());
    let debt = debt.unwrap_or(now).clamp(now, now + burst);
    let mut free = burst - (debt - now);
    let allowed = free >= interval;
    if allowed {
        free -= interval;
    }
    let verdict = RateDecision::of_free(limit, allowed, free);
    (verdict, allowed.then_some(debt + interval))
}

#[cfg(test)]
mod tests;
