//! The integration tests of the workers, in one binary: real worker processes, schedulers in this process, and a
//! PostgreSQL and a Redis for each test.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its world breaks"
)]

mod alone;
mod announced;
mod guarantees;
mod housekeeping;
mod messages;
mod metrics;
mod outcomes;
mod processes;
mod report;
mod rolling;
mod sweep;
mod timetable;
mod tools;
mod traces;
mod tracking;
