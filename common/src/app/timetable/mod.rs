//! Timetables: publishing a GTFS feed.
//!
//! [`import`] reads a feed, compares it with what is stored under its key and writes the difference in one transaction.
//! Objects are matched by what they do and not by their ids in the feed ([`crate::domain::identity`]), so public ids
//! stay when a feed is exported again; what disappeared is withdrawn, not deleted; sold departures keep their seats.

mod changes;
mod feeds;
mod fetch;
mod import;
mod keys;
mod known;
mod likeness;
mod matches;
mod publish;
mod report;
mod sold;

pub use feeds::{Withdrawal, feeds, rename_feed, withdraw_feed};
pub use fetch::{FetchImportError, fetch_and_import};
pub use import::{ImportError, ImportOptions, import};
pub use likeness::Likeness;
pub use matches::{Resolution, Verdict, matches, resolve};
pub use report::{Counts, ImportReport, Outcome, SoldChanges};
