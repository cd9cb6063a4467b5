//! The basis of every crate: the clock, durations, ids, chains of errors, values that are computed once, and a limit of
//! log lines.
//!
//! Nothing here knows of buses, SQL or networks.

pub mod clock;
pub mod duration;
mod error;
pub mod id;
pub mod log_limit;
pub mod memo;

pub use error::chain;
