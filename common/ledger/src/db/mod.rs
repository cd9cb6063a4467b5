//! The SQL of the ledger: free functions on a connection.

pub mod delivery;
pub mod job;
#[cfg(feature = "tools")]
pub mod listing;
mod outcome;
pub mod process;
pub mod recovery;
pub mod schedule;
