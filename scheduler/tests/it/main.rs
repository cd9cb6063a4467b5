//! Everything that is tested of the scheduler, in one binary: real processes, a PostgreSQL and a Redis per test.

#![expect(clippy::unwrap_used, reason = "a test ends where its world breaks")]

mod business;
mod clock;
mod cron;
mod metrics;
mod process;
mod report_schedule;
mod tracking;
