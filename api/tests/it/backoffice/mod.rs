//! The backoffice as its people meet it: real HTTP with cookies, a real PostgreSQL, a clock that tests move.
//!
//! `cfg(test)` lets helpers unwrap as clippy lets tests.

#[cfg(test)]
mod api_key;
#[cfg(test)]
mod authorisation;
#[cfg(test)]
mod browser;
#[cfg(test)]
#[path = "../sales/client.rs"]
mod client;
#[cfg(test)]
mod counter;
#[cfg(test)]
#[path = "../sales/feed.rs"]
mod feed;
#[cfg(test)]
mod geolocation;
#[cfg(test)]
mod google;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
#[path = "../http/operation.rs"]
mod operation;
#[cfg(test)]
mod order;
#[cfg(test)]
mod order_list;
#[cfg(test)]
mod order_move;
#[cfg(test)]
mod order_race;
#[cfg(test)]
mod permission;
#[cfg(test)]
mod person;
#[cfg(test)]
mod report;
#[cfg(test)]
mod secrets;
#[cfg(test)]
#[path = "../http/seen.rs"]
mod seen;
#[cfg(test)]
mod session;
#[cfg(test)]
mod support;
#[cfg(test)]
mod throttle;
#[cfg(test)]
mod walk;
