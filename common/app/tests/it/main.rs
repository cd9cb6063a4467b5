//! Everything that is tested of the rules, queries and use cases on real servers, in one binary. What needs no server is
//! tested beside the code.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its world breaks"
)]

mod cache;
mod google;
mod gtfs;
mod gtfs_source;
mod housekeeping;
mod invariant;
mod notification;
mod pooler;
mod rate_limit;
mod real_feeds;
mod redis;
mod report;
mod story;
mod throttle;
mod timetable_import;
mod timetable_upload;
mod tracking;
