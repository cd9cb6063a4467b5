//! Rate limits as partners meet them: several API replicas behind real sockets, one Redis, one PostgreSQL.
//!
//! `cfg(test)` lets helpers unwrap as clippy lets tests.

#[cfg(test)]
mod admin;
#[cfg(test)]
mod burst;
#[cfg(test)]
mod document;
#[cfg(test)]
mod header;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod process;
#[cfg(test)]
#[path = "../http/seen.rs"]
mod seen;
#[cfg(test)]
mod subject;
#[cfg(test)]
mod support;
