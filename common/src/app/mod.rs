//! The verbs, one noun a file: begin a transaction, ask `domain`, write through `db`, enqueue, commit.
//! No network call stands between begin and commit.

use std::sync::Arc;

use sqlx::PgPool;

use crate::clock::Clock;
use crate::domain::offer::OfferKey;
use crate::error::AppResult;
use crate::jobs::Cause;

pub mod api_key;
pub mod booking;
pub mod idempotency;
pub mod legacy;
pub mod notification;
pub mod offer;
pub mod order;
pub mod published;
pub mod rate_limit;
pub mod regrouping;
pub mod seating;
pub mod tally;
pub mod usage;
pub mod work;

/// What the verbs of sale work with.
#[derive(Debug, Clone)]
pub struct Platform {
    /// The truth.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// What is published, in memory.
    pub published: Arc<published::Publication>,
    /// Signs offers.
    pub offer_key: Arc<OfferKey>,
    /// Counts what partners do.
    pub usage: Arc<usage::Usage>,
}

impl Platform {
    /// What is published now.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn published(&self) -> AppResult<Arc<published::Published>> {
        self.published.current(&self.pool).await
    }
}

/// Who acts, for the history of what they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// A prefixed id, or the word `system`.
    pub name: String,
    /// The request or job that made them act.
    pub cause: Cause,
    /// Why, in their own words.
    pub reason: Option<String>,
}

impl Actor {
    /// Somebody with an id.
    pub fn new(id: impl std::fmt::Display, cause: Cause) -> Self {
        Self {
            name: id.to_string(),
            cause,
            reason: None,
        }
    }

    /// The same, with a reason.
    #[must_use]
    pub fn because(self, reason: Option<String>) -> Self {
        Self { reason, ..self }
    }

    /// The platform itself.
    #[must_use]
    pub fn system(cause: Cause) -> Self {
        Self::new("system", cause)
    }
}
pub mod city;
pub mod company;
pub mod contact;
pub mod delivery;
pub mod discount;
pub mod exchange_rate;
pub mod fms;
pub mod geolocation;
pub mod google;
pub mod housekeeping;
pub mod job;
pub mod partner;
pub mod password;
pub mod process;
pub mod refund_rule;
pub mod report;
pub mod session;
pub mod throttle;
pub mod timetable;
pub mod user;
