//! The report of an import.

use std::fmt;

use domain::gtfs::{Findings, Remark};
use serde::Serialize;

/// Maximum number of lines of a list that are printed; the JSON form has all of them.
const PRINTED: usize = 100;

/// The outcome for a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// There was no feed with this key.
    New,
    /// It replaced an earlier version.
    Updated,
    /// Files and options are those of the last import: nothing was done.
    Unchanged,
}

/// Rows of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Usable rows in the feed.
    pub read: u64,
    /// Stored for the first time.
    pub new: u64,
    /// Stored before with other values (or as withdrawn).
    pub changed: u64,
    /// Stored before, but not in the feed any more.
    pub withdrawn: u64,
}

impl Counts {
    /// The counts of a kind that several feeds share or that is never withdrawn.
    #[must_use]
    pub(super) const fn without_withdrawn(self) -> Self {
        Self { withdrawn: 0, ..self }
    }
}

/// What happened to departures that carry tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SoldChanges {
    /// Departures whose tickets follow new times or stops, or another trip that runs as theirs did.
    pub moved: u64,
    /// Departures taken off sale because their tickets could not follow; the tickets stay as sold. One line each.
    pub closed: Vec<Remark>,
    /// Departures of the timetable that may match departures already sold, and are closed until an operator decides.
    /// One line for each pair.
    pub doubtful: Vec<Remark>,
    /// Departures that are back on sale.
    pub reopened: u64,
    /// Departures whose bus has fewer seats than were sold. One line each.
    pub overbooked: Vec<Remark>,
}

/// The report of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Key of the feed.
    pub feed: String,
    /// The outcome.
    pub outcome: Outcome,
    /// Whether the feed is invented, for demonstration only.
    pub synthetic: bool,
    /// Rows by kind, in the order in which they are written.
    pub counts: Vec<(&'static str, Counts)>,
    /// Trips times their service days.
    pub dated_departures: u64,
    /// Stops that are not on sale because no city is near, one line each.
    pub stops_without_city: Vec<String>,
    /// Departures that carry tickets.
    pub sold: SoldChanges,
    /// Rejected rows and notices.
    pub findings: Findings,
}

impl ImportReport {
    /// The report of a feed that was taken off sale.
    #[must_use]
    pub(super) fn withdrawn(feed: &str, synthetic: bool, trips: u64, closed: Vec<Remark>) -> Self {
        let counts = Counts {
            withdrawn: trips,
            ..Counts::default()
        };
        Self {
            feed: feed.to_owned(),
            outcome: Outcome::Updated,
            synthetic,
            counts: vec![("trips", counts)],
            dated_departures: 0,
            stops_without_city: Vec::new(),
            sold: SoldChanges {
                closed,
                ..SoldChanges::default()
            },
            findings: Findings::default(),
        }
    }

    /// The counts of a kind.
    #[must_use]
    pub fn count(&self, kind: &str) -> Counts {
        let found = self.counts.iter().find(|(name, _)| *name == kind);
        found.map(|(_, counts)| *counts).unwrap_or_default()
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, title: &str, lines: &[T]) -> fmt::Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "{title}: {}", lines.len())?;
    for line in lines.iter().take(PRINTED) {
        writeln!(f, "  {line}")?;
    }
    match lines.len().saturating_sub(PRINTED) {
        0 => Ok(()),
        more => writeln!(f, "  ... and {more} more"),
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.synthetic { " (SYNTHETIC)" } else { "" };
        let outcome = match self.outcome {
            Outcome::New => "new",
            Outcome::Updated => "updated",
            Outcome::Unchanged => "unchanged, nothing to do",
        };
        writeln!(f, "feed {}{mark}: {outcome}", self.feed)?;
        for (kind, counts) in &self.counts {
            let Counts {
                read,
                new,
                changed,
                withdrawn,
            } = counts;
            writeln!(
                f,
                "  {kind:<12} {read:>8} read {new:>8} new {changed:>8} changed {withdrawn:>8} withdrawn"
            )?;
        }
        writeln!(f, "dated departures: {}", self.dated_departures)?;
        if self.sold.moved > 0 {
            writeln!(
                f,
                "sold departures whose tickets follow new times, stops or trips: {}",
                self.sold.moved
            )?;
        }
        if self.sold.reopened > 0 {
            writeln!(f, "sold departures back on sale: {}", self.sold.reopened)?;
        }
        list(
            f,
            "sold departures taken off sale, tickets stay as sold",
            &self.sold.closed,
        )?;
        list(
            f,
            "sold departures that may run under another name, not for sale until `admin resolve-match` says so",
            &self.sold.doubtful,
        )?;
        list(f, "departures with fewer seats than were sold", &self.sold.overbooked)?;
        list(
            f,
            "stops without a city within 15 km, not for sale",
            &self.stops_without_city,
        )?;
        list(f, "rejected rows", &self.findings.flaws)?;
        list(f, "ambiguous fares", &self.findings.fares)?;
        for notice in &self.findings.notices {
            writeln!(f, "note: {notice}")?;
        }
        Ok(())
    }
}
