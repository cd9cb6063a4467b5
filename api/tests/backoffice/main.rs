//! The backoffice as its people meet it: real HTTP with cookies, a real PostgreSQL, a clock that tests move.
//!
//! `cfg(test)` lets helpers unwrap as clippy lets tests.

#[cfg(test)]
mod browser;
#[cfg(test)]
mod report;
#[cfg(test)]
#[path = "../http/seen.rs"]
mod seen;
#[cfg(test)]
mod session;
#[cfg(test)]
mod support;
