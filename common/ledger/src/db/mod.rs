//! The SQL of the ledger: free functions on a connection.

pub mod delivery;
pub mod invariant;
pub mod job;
mod outcome;
pub mod process;
pub mod recovery;
pub mod sample;
pub mod schedule;
pub mod story;
