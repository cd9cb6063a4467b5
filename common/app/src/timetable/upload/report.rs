//! Result of a preview or a publication, as it is stored and shown: bounded lists with their total counts.

use std::collections::BTreeMap;

use domain::gtfs::{Clause, Findings, Flaw, Remark};
use serde::{Deserialize, Serialize};

use super::super::report::{Counts, ImportReport, Outcome};

/// Maximum number of rejected rows that are kept.
const ROWS: usize = 500;

/// Maximum number of lines of any other list that are kept.
const LINES: usize = 100;

/// Maximum number of characters of a line, or of a value, that are kept.
const LENGTH: usize = 500;

/// Maximum number of clauses of a sentence that are kept.
const CLAUSES: usize = 24;

/// A clause of a sentence: see [`Clause`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Its code. A newer process may have stored one that this one does not know.
    pub code: String,
    /// Its values by name.
    pub values: BTreeMap<String, String>,
}

/// The first lines of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    /// How many there are in all.
    pub total: usize,
    /// The first ones.
    pub items: Vec<String>,
    /// The clauses of each of these; empty in a report from before clauses were stored.
    #[serde(default)]
    pub clauses: Vec<Vec<Said>>,
}

/// The first items of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed<T> {
    /// How many there are in all.
    pub total: usize,
    /// The first ones.
    pub items: Vec<T>,
}

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self {
            total: 0,
            items: Vec::new(),
        }
    }
}

/// A row of a file that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejected {
    /// The file.
    pub file: String,
    /// Line in it; the header is line 1.
    pub line: u64,
    /// What is wrong, and what was left out because of it.
    pub reason: String,
    /// The clauses of the reason; empty in a report from before clauses were stored.
    #[serde(default)]
    pub clauses: Vec<Said>,
}

/// Rows of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindCounts {
    /// The kind, such as `trips`.
    pub kind: String,
    /// Their numbers.
    #[serde(flatten)]
    pub counts: StoredCounts,
}

/// See [`Counts`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredCounts {
    /// Usable rows in the feed.
    pub read: u64,
    /// Stored for the first time.
    pub new: u64,
    /// Stored before with other values.
    pub changed: u64,
    /// Stored before, but not in the feed any more.
    pub withdrawn: u64,
}

/// Departures that carry tickets.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SoldReport {
    /// Departures whose tickets follow new times or stops.
    pub moved: u64,
    /// Departures that are back on sale.
    pub reopened: u64,
    /// Departures taken off sale; their tickets stay as sold.
    pub closed: Lines,
    /// Departures that may match departures already sold.
    pub doubtful: Lines,
    /// Departures whose bus has fewer seats than were sold.
    pub overbooked: Lines,
}

/// Result of a preview or a publication.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UploadReport {
    /// Whether nothing differs from what is published.
    pub unchanged: bool,
    /// Rows by kind.
    pub counts: Vec<KindCounts>,
    /// Trips times their service days.
    pub departures: u64,
    /// Rows that were left out.
    pub rejected: Listed<Rejected>,
    /// Findings that do not concern a single row.
    pub notices: Lines,
    /// Stop pairs with several fares.
    pub fares: Lines,
    /// Stops that are not on sale because no city is near.
    pub stops_without_city: Lines,
    /// Changes of departures that carry tickets.
    pub sold: SoldReport,
}

pub(super) fn cut(text: &str) -> String {
    // PostgreSQL stores no NUL.
    text.chars().filter(|c| *c != '\0').take(LENGTH).collect()
}

pub(super) fn said(clauses: &[Clause]) -> Vec<Said> {
    let said = |clause: &Clause| Said {
        code: clause.code().to_string(),
        values: (clause.values().into_iter())
            .map(|(name, value)| (name.to_owned(), cut(value)))
            .collect(),
    };
    clauses.iter().take(CLAUSES).map(said).collect()
}

fn lines(all: &[Remark]) -> Lines {
    let kept = || all.iter().take(LINES);
    Lines {
        total: all.len(),
        items: kept().map(|line| cut(line)).collect(),
        clauses: kept().map(|line| said(line.clauses())).collect(),
    }
}

impl From<&ImportReport> for UploadReport {
    fn from(report: &ImportReport) -> Self {
        let counts = report.counts.iter().map(|(kind, counts)| {
            let Counts {
                read,
                new,
                changed,
                withdrawn,
            } = *counts;
            KindCounts {
                kind: (*kind).to_owned(),
                counts: StoredCounts {
                    read,
                    new,
                    changed,
                    withdrawn,
                },
            }
        });
        Self {
            unchanged: report.outcome == Outcome::Unchanged,
            counts: counts.collect(),
            departures: report.dated_departures,
            stops_without_city: Lines {
                total: report.stops_without_city.len(),
                items: report
                    .stops_without_city
                    .iter()
                    .take(LINES)
                    .map(|line| cut(line))
                    .collect(),
                clauses: Vec::new(),
            },
            sold: SoldReport {
                moved: report.sold.moved,
                reopened: report.sold.reopened,
                closed: lines(&report.sold.closed),
                doubtful: lines(&report.sold.doubtful),
                overbooked: lines(&report.sold.overbooked),
            },
            ..Self::from(&report.findings)
        }
    }
}

impl From<&Findings> for UploadReport {
    fn from(findings: &Findings) -> Self {
        let rejected = |flaw: &Flaw| Rejected {
            file: flaw.file.to_owned(),
            line: flaw.line,
            reason: cut(&flaw.reason),
            clauses: said(flaw.reason.clauses()),
        };
        Self {
            rejected: Listed {
                total: findings.flaws.len(),
                items: findings.flaws.iter().take(ROWS).map(rejected).collect(),
            },
            notices: lines(&findings.notices),
            fares: lines(&findings.fares),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use domain::gtfs::Findings;

    use super::UploadReport;

    #[test]
    fn lists_are_bounded_and_their_totals_exact() {
        let mut findings = Findings::default();
        for line in 0..501 {
            findings.flaw("stops.txt", line, "x".repeat(600));
            findings.notice("ü".repeat(501));
        }
        let report = UploadReport::from(&findings);
        assert_eq!((report.rejected.total, report.rejected.items.len()), (501, 500));
        assert_eq!((report.notices.total, report.notices.items.len()), (501, 100));
        assert_eq!(report.rejected.items[0].reason.len(), 500);
        assert_eq!(report.notices.items[0].chars().count(), 500);
        let stored = serde_json::to_value(&report).unwrap();
        assert_eq!(serde_json::from_value::<UploadReport>(stored).unwrap(), report);
    }
}
