//! The SQL of the ledger: free functions on a connection.

pub mod delivery;
pub mod handling;
pub mod invariant;
pub mod job;
pub mod listing;
mod outcome;
pub mod process;
pub mod queue;
pub mod rate;
pub mod reclaim;
pub mod recovery;
pub mod sample;
pub mod schedule;
pub mod step;
pub mod story;
#[cfg(feature = "tools")]
pub mod tool;
pub mod turn;
