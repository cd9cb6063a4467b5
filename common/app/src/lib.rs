//! The use cases, one resource per file: begin a transaction, decide with `domain`, write with `db`, enqueue, commit.
//! There is no network call between begin and commit.

use std::sync::Arc;

use db::history::Author;
use domain::offer::OfferKey;
use kernel::clock::Clock;
use ledger::Cause;
use sqlx::PgPool;

use crate::error::AppResult;

pub mod api_key;
pub mod booking;
pub mod cache;
pub mod city;
pub mod company;
pub mod contact;
pub mod departure;
pub mod discount;
pub mod exchange_rate;
pub mod google;
pub mod housekeeping;
pub mod idempotency;
pub mod invariant;
pub mod invitation;
pub mod jobs;
pub mod legacy;
pub mod metrics;
pub mod notification;
pub mod offer;
pub mod operator;
pub mod ops;
pub mod partner;
pub mod password;
pub mod people;
pub mod permission;
pub mod published;
mod quota;
pub mod rate_limit;
pub mod refund_rule;
pub mod report;
pub mod schema;
pub mod seating;
pub mod session;
pub mod story;
pub mod tally;
pub mod throttle;
pub mod ticket;
pub mod timetable;
pub mod today;
pub mod tracking;
pub mod turn;
pub mod usage;
pub mod user;
pub mod work;

pub use db::error;

/// Dependencies of the use cases of a sale.
#[derive(Debug, Clone)]
pub struct Platform {
    /// Connections to the database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// The publication in memory.
    pub published: Arc<published::Publication>,
    /// Sold seats, keys and permissions, in memory.
    pub cache: Arc<cache::Cache>,
    /// Signs offers.
    pub offer_key: Arc<OfferKey>,
    /// The queues of sales.
    pub turns: Arc<turn::Turns<booking::Buyer>>,
    /// The queues of actions.
    pub actions: Arc<ticket::Actions>,
    /// Counts what partners do.
    pub usage: Arc<usage::Usage>,
}

impl Platform {
    /// The published state, possibly a moment old, from which searches and the catalogue are answered; see
    /// [`Publication::serving`](published::Publication::serving).
    ///
    /// # Errors
    /// Database errors only.
    pub async fn serving(&self) -> AppResult<Arc<published::Published>> {
        self.published.serving(&self.pool).await
    }

    /// The current publication, for use cases that change something based on it.
    ///
    /// # Errors
    /// Database errors only.
    pub async fn published(&self) -> AppResult<Arc<published::Published>> {
        self.published.current(&self.pool).await
    }

    /// The publication in memory, for callers that compare its version with the database themselves.
    ///
    /// # Errors
    /// As [`published`](Self::published), which is called when nothing is in memory yet.
    pub async fn at_hand(&self) -> AppResult<Arc<published::Published>> {
        match self.published.at_hand() {
            Some(published) => Ok(published),
            None => self.published().await,
        }
    }
}

/// The actor of a change, for the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// A prefixed id, or the word `system`.
    pub name: String,
    /// The request or job that caused the change.
    pub cause: Cause,
    /// The reason, as entered by the operator.
    pub reason: Option<String>,
}

impl Actor {
    /// An actor with an id.
    pub fn new(id: impl std::fmt::Display, cause: Cause) -> Self {
        Self {
            name: id.to_string(),
            cause,
            reason: None,
        }
    }

    /// The author of history lines.
    #[must_use]
    pub fn author(&self) -> Author<'_> {
        Author {
            name: &self.name,
            request_id: self.cause.request_id.as_deref(),
            reason: self.reason.as_deref(),
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
