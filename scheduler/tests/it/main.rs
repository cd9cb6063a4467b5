//! The integration tests of the scheduler, in one binary: real processes, and a PostgreSQL and a Redis for each test.

#![expect(clippy::unwrap_used, reason = "a test ends where its world breaks")]

mod business;
mod clock;
mod cron;
mod idle;
mod metrics;
mod process;
mod report_schedule;
mod step;
mod tracking;
