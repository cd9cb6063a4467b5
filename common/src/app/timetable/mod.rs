//! Timetables: publishing a GTFS feed.
//!
//! [`import`] reads a feed, compares it with what is stored under its key and writes the difference in one
//! transaction. Ids stay; what disappeared is withdrawn, not deleted; sold departures keep their seats.

mod changes;
mod import;
mod keys;
mod publish;
mod report;
mod sold;

pub use import::{ImportError, ImportOptions, import};
pub use report::{Counts, ImportReport, Outcome, SoldChanges};
