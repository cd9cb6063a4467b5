//! Timetables: publishing a GTFS feed.
//!
//! [`import`] reads a feed, compares it with what is stored under its key and writes the difference in one transaction.
//! Objects are identified by their properties, not by their ids in the feed ([`domain::identity`]), so public ids stay
//! the same when a feed is exported again. Objects that disappeared are withdrawn, not deleted; sold departures keep
//! their seats.

mod changes;
mod departure_match;
mod feeds;
mod fetch;
mod former;
mod import;
mod keys;
mod known;
mod likeness;
mod options;
mod owner;
mod progress;
mod publish;
mod report;
pub mod season;
mod sold;
pub mod upload;

pub use departure_match::{MatchDecision, Resolution, Side, matches, resolve};
pub use feeds::{Withdrawal, feeds, rename_feed, withdraw_feed};
pub use fetch::{FetchImportError, fetch_and_import, fetch_and_preview};
pub use import::{ImportError, import, preview};
pub use likeness::Likeness;
pub use options::ImportOptions;
pub use owner::Owner;
pub use report::{Counts, ImportReport, Outcome, SoldChanges};
