//! `RATE_LIMITS_*`: how many requests each kind of caller may send.

use std::time::Duration;

use domain::rate_limit::{Limits, PartnerTier, Terms};

use super::Settings;

/// The longest that a request may be kept waiting for Redis.
const LONGEST: u64 = 10_000;

impl Settings {
    /// The rate limits.
    ///
    /// # Errors
    /// What is wrong with them, a sentence each.
    pub fn rate_limits(&self) -> Result<Terms, Vec<String>> {
        let mut problems = Vec::new();
        let mut read = |name: &str, defaults: Limits, text: &str| {
            defaults.with_text(text).unwrap_or_else(|error| {
                problems.push(format!("{name}: {error}"));
                defaults
            })
        };
        let terms = Terms {
            standard: read(
                "RATE_LIMITS_STANDARD",
                Limits::of_tier(PartnerTier::Standard),
                &self.rate_limits_standard,
            ),
            premium: read(
                "RATE_LIMITS_PREMIUM",
                Limits::of_tier(PartnerTier::Premium),
                &self.rate_limits_premium,
            ),
            address: read("RATE_LIMITS_ADDRESS", Limits::of_addresses(), &self.rate_limits_address),
            timeout: Duration::from_millis(self.rate_limit_patience_ms),
        };
        if !(1..=LONGEST).contains(&self.rate_limit_patience_ms) {
            problems.push(format!("RATE_LIMIT_PATIENCE_MS must be between 1 and {LONGEST}"));
        }
        if problems.is_empty() { Ok(terms) } else { Err(problems) }
    }
}
