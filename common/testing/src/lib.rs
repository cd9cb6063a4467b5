//! For tests only: a database per test, real Redis servers, simulated services, and test data.

pub mod collector;
pub mod database;
pub mod eventually;
pub mod feed;
pub mod feed_server;
pub mod issuer;
pub mod log;
pub mod pgbouncer;
pub mod port;
pub mod proxy;
pub mod redis;
pub mod round_trips;
#[expect(clippy::expect_used, clippy::panic, reason = "a test harness may panic")]
pub mod scrape;
pub mod settings;
pub mod world;
pub mod wrong_clock;
