//! The files of a feed, by name: which of them are read, and what follows if one is unreadable.

use std::collections::BTreeMap;

use super::encoding::text;
use super::findings::{Findings, Refusal};
use super::table::Table;

/// The files that are read; everything else in a feed is ignored.
pub const FILES: &[&str] = &[
    "agency.txt",
    "stops.txt",
    "routes.txt",
    "trips.txt",
    "stop_times.txt",
    "calendar.txt",
    "calendar_dates.txt",
    "frequencies.txt",
    "fare_attributes.txt",
    "fare_rules.txt",
    "rider_categories.txt",
    "fare_products.txt",
    "fare_leg_rules.txt",
    "stop_areas.txt",
    "route_networks.txt",
    "translations.txt",
    "feed_info.txt",
    "vehicles.csv",
];

/// Files of the specification that do not affect what is sold, when, or at which price.
pub const WITHOUT_BEARING: &[&str] = &[
    "shapes.txt",
    "transfers.txt",
    "pathways.txt",
    "levels.txt",
    "attributions.txt",
    "areas.txt",
    "networks.txt",
];

/// The files of a feed, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files(pub BTreeMap<&'static str, Vec<u8>>);

impl Files {
    /// Whether the feed has this file, and it is not empty.
    pub(super) fn has(&self, file: &'static str) -> bool {
        self.0.get(file).is_some_and(|bytes| !bytes.is_empty())
    }

    /// The file of this name, ready to be read; `None` when it is absent or empty.
    pub(super) fn table(&self, file: &'static str) -> Result<Option<Table<'_>>, Refusal> {
        match self.0.get(file) {
            Some(bytes) if !bytes.is_empty() => Table::open(file, text(file, bytes)?).map(Some),
            _ => Ok(None),
        }
    }

    /// A required file.
    pub(super) fn required(&self, file: &'static str) -> Result<Table<'_>, Refusal> {
        let missing = match self.0.get(file) {
            Some(_) => Refusal::EmptyFile(file),
            None => Refusal::MissingFile(file),
        };
        self.table(file)?.ok_or(missing)
    }

    /// The result of `read` for an optional file. One that is unreadable as a whole is reported and left out: it gives
    /// `Err`, and never refuses the feed. `Ok(None)` when it is absent.
    pub(super) fn optional<T>(
        &self,
        file: &'static str,
        findings: &mut Findings,
        read: impl FnOnce(Table<'_>, &mut Findings) -> Result<T, Refusal>,
    ) -> Result<Option<T>, LeftOut> {
        let outcome = self
            .table(file)
            .and_then(|table| table.map(|table| read(table, findings)).transpose());
        outcome.map_err(|refusal| {
            findings.left_out(file, refusal);
            LeftOut
        })
    }
}

/// A file was left out, which is reported: the caller's data are incomplete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut;
