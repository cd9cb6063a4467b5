//! The integration tests of the API, in one binary: what a client, an operator or another process can observe. The
//! callers are types, see [`harness`].

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test ends where its world breaks"
)]

mod admin;
mod backoffice;
mod harness;
mod http;
mod kill;
mod limits;
mod logs;
mod metrics;
mod operations;
mod process;
mod replicas;
mod sales;
