//! The basis of every crate: the clock, durations, ids, chains of errors, and values that are computed once.
//!
//! Nothing here knows of buses, SQL or networks.

pub mod clock;
pub mod duration;
mod error;
pub mod id;
pub mod memo;

pub use error::chain;
