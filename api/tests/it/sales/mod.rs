//! Search and sale as a partner meets them: real HTTP, a real PostgreSQL, a clock that tests move.
//!
//! `cfg(test)` lets helpers unwrap as clippy lets tests.

#[cfg(test)]
mod action;
#[cfg(test)]
mod audit;
#[cfg(test)]
mod cache;
#[cfg(test)]
mod client;
#[cfg(test)]
mod conditional;
#[cfg(test)]
mod count;
#[cfg(test)]
mod create;
#[cfg(test)]
mod discount;
#[cfg(test)]
mod expiry;
#[cfg(test)]
mod feed;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod import;
#[cfg(test)]
mod kept;
#[cfg(test)]
mod legacy;
#[cfg(test)]
mod legacy_change;
#[cfg(test)]
mod legacy_order;
#[cfg(test)]
mod legacy_usage;
#[cfg(test)]
mod legacy_window;
#[cfg(test)]
mod list;
#[cfg(test)]
mod oracle;
#[cfg(test)]
mod packed;
#[cfg(test)]
mod passenger;
#[cfg(test)]
mod plan;
#[cfg(test)]
mod publication;
#[cfg(test)]
mod race;
#[cfg(test)]
mod regrouping;
#[cfg(test)]
mod rendering;
#[cfg(test)]
mod replica_race;
#[cfg(test)]
mod round_trip;
#[cfg(test)]
mod search;
#[cfg(test)]
mod secrets;
#[cfg(test)]
#[path = "../http/seen.rs"]
mod seen;
#[cfg(test)]
mod support;
#[cfg(test)]
mod unreadable;
#[cfg(test)]
mod usage;
