//! The only SQL. Free functions on a connection, the owner's id (partner, company) first; named constraints are
//! mapped to errors where a caller can act on them. No decisions here.

use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
pub use sqlx::{Error, PgPool};

pub mod api_key;
pub mod city;
pub mod company;
pub mod discount;
pub mod exchange_rate;
pub mod job;
pub mod partner;
pub mod permission;
pub mod publication;
pub mod refund_rule;
pub mod timetable;
pub mod user;

/// The migrations of `migrations/`, embedded.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations");

/// Opens a pool. A caller that gets no connection within three seconds is told so (503) rather than kept waiting.
///
/// # Errors
/// When the URL is malformed or the server cannot be reached.
pub async fn connect(url: &str, max_connections: u32) -> Result<PgPool, Error> {
    PgPoolOptions::new()
        .max_connections(max_connections)
        .acquire_timeout(Duration::from_secs(3))
        .connect(url)
        .await
}
