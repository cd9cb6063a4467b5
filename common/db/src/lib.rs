//! The SQL of the platform, except that of the ledger (`ledger::db`). Free functions on a connection, the owner's id
//! (partner, company) first; named constraints are mapped to errors where a caller can act on them. No decisions here.

use connect::metrics::waited;
use connect::postgres::begin_with;
use sqlx::{PgPool, Postgres, Transaction};

use crate::error::AppResult;

pub mod access;
pub mod api_key;
pub mod audit;
pub mod booking;
pub mod cache;
pub mod city;
pub mod company;
pub mod departure;
pub mod discount;
pub mod error;
pub mod exchange_rate;
pub mod gauge;
pub mod history;
pub mod housekeeping;
pub mod idempotency;
pub mod invariant;
pub mod invitation;
pub mod journey;
pub mod legacy;
mod list_count;
pub mod notification;
pub mod partition;
pub mod partner;
pub mod passenger;
pub mod people;
pub mod permission;
pub mod position;
pub mod publication;
pub mod published;
pub mod rate_limit;
pub mod record;
pub mod refund_rule;
pub mod report;
pub mod sale;
pub mod seat;
pub mod session;
pub mod story;
pub mod ticket;
pub mod timetable;
pub mod today;
pub mod tracking;
pub mod usage;
pub mod user;

/// The migrations of `migrations/`, embedded.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// The statement that begins a transaction that writes ([`begin`]), with further settings.
macro_rules! writing {
    ($($more:literal)?) => {
        concat!(
            "begin; set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off",
            $("; ", $more)?
        )
    };
}

/// Begins a transaction that writes. Its statements have generic plans: each connection plans a statement once, without
/// its values, until its tables change or are analysed. Planning the one that reads a ticket with all that belongs to
/// it ([`ticket::action`]) takes longer than executing it, and its plan is the same for every ticket. By default
/// PostgreSQL would plan it each time, because with known values it expects fewer rows. So no statement of such a
/// transaction has optional filters.
///
/// Sequential scans are off: on an empty table they look cheapest, and the plan would stay until the table is analysed.
/// So every table that such a transaction reads has a condition on an index, also the tables of one row.
///
/// # Errors
/// When the server cannot be reached.
pub async fn begin(pool: &PgPool) -> AppResult<Transaction<'static, Postgres>> {
    Ok(waited(begin_with(pool, writing!())).await?)
}

/// Begins a transaction that writes for several requests. As [`begin`], but it waits for each lock half a second at
/// most, and then fails ([`Trouble::Collision`](connect::postgres::Trouble::Collision)): it holds the locks of all of
/// them while it waits for that of one.
///
/// # Errors
/// When the server cannot be reached.
pub async fn begin_shared(pool: &PgPool) -> AppResult<Transaction<'static, Postgres>> {
    Ok(waited(begin_with(pool, writing!("set local lock_timeout = '500ms'"))).await?)
}

/// Begins a transaction that reads: every statement sees the same snapshot, regardless of concurrent commits. An
/// import, for example, moves tickets and the calls that they refer to.
///
/// # Errors
/// When the server cannot be reached.
pub async fn snapshot(pool: &PgPool) -> AppResult<Transaction<'static, Postgres>> {
    Ok(waited(begin_with(pool, "begin isolation level repeatable read read only")).await?)
}
