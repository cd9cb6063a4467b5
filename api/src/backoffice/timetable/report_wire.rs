//! Result of the check or publication of a timetable.

use app::timetable::upload as timetable;
use schemars::JsonSchema;
use serde::Serialize;

use super::reason_wire::ReasonClause;

/// Result of the check or publication of a timetable.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimetableReport {
    /// Whether it is identical to the published timetable.
    #[schemars(example = false)]
    pub unchanged: bool,
    /// Rows by kind.
    #[schemars(length(max = 20))]
    pub counts: Vec<RowCounts>,
    /// Number of departures: trips times their service days.
    #[schemars(example = 3_650)]
    pub departures: u64,
    /// Rows that cannot be used. What depends on them is left out.
    pub rejected: RejectedRows,
    /// Remarks that do not concern a particular row.
    pub notices: TextLines,
    /// Pairs of zones with several fares, and which one is used.
    pub ambiguous_fares: TextLines,
    /// Stops that are not on sale because no city is nearby.
    pub stops_without_city: TextLines,
    /// Effects on tickets that were sold.
    pub sold: SoldChanges,
}

/// Number of rows of a kind.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RowCounts {
    /// The kind.
    #[schemars(example = &"trips")]
    pub kind: String,
    /// Usable rows of the feed.
    #[schemars(example = 40)]
    pub read: u64,
    /// Rows that are new.
    #[schemars(example = 4)]
    pub new: u64,
    /// Rows that differ from the published timetable.
    #[schemars(example = 2)]
    pub changed: u64,
    /// Rows of the published timetable that are not in the feed.
    #[schemars(example = 1)]
    pub withdrawn: u64,
}

/// The first rejected rows.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RejectedRows {
    /// Total number.
    #[schemars(example = 1)]
    pub total: usize,
    /// The first rejected rows, in the order in which the files are read.
    #[schemars(length(max = 500))]
    pub rows: Vec<RejectedRow>,
}

/// A rejected row.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RejectedRow {
    /// File of the feed.
    #[schemars(example = &"stop_times.txt")]
    pub file: String,
    /// Line in it; the header is line 1.
    #[schemars(example = 118)]
    pub line: u64,
    /// What is wrong, and what was left out because of it.
    #[schemars(example = &"stop \"kyiv-9\" is not in stops.txt; trip \"k1\" is left out")]
    pub reason: String,
    /// The same in machine-readable form; empty if there is only text.
    #[schemars(length(max = 24))]
    pub clauses: Vec<ReasonClause>,
}

/// The first lines of a list.
#[derive(Debug, Serialize, JsonSchema)]
pub struct TextLines {
    /// Total number.
    #[schemars(example = 1)]
    pub total: usize,
    /// The first lines.
    #[schemars(length(max = 100), example = &["4 trips run with the default bus of their company"])]
    pub lines: Vec<String>,
    /// Each of these lines in machine-readable form, in the same order; empty if there is only text.
    #[schemars(length(max = 100))]
    pub clauses: Vec<LineClauses>,
}

/// The clauses of a line; empty if there is only text.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct LineClauses(#[schemars(length(max = 24))] Vec<ReasonClause>);

/// Effects on tickets that were sold.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SoldChanges {
    /// Departures whose tickets follow new times or stops.
    #[schemars(example = 2)]
    pub moved: u64,
    /// Departures that are back on sale.
    #[schemars(example = 0)]
    pub reopened: u64,
    /// Departures that are taken off sale. Their tickets stay as they were sold.
    pub closed: TextLines,
    /// Departures that may match departures already sold. They are off sale until a platform operator decides.
    pub doubtful: TextLines,
    /// Departures whose bus has fewer seats than were sold.
    pub overbooked: TextLines,
}

impl From<timetable::Lines> for TextLines {
    fn from(listed: timetable::Lines) -> Self {
        Self {
            total: listed.total,
            lines: listed.items,
            clauses: (listed.clauses.into_iter())
                .map(|line| LineClauses(ReasonClause::list(line)))
                .collect(),
        }
    }
}

impl From<timetable::KindCounts> for RowCounts {
    fn from(timetable::KindCounts { kind, counts }: timetable::KindCounts) -> Self {
        Self {
            kind,
            read: counts.read,
            new: counts.new,
            changed: counts.changed,
            withdrawn: counts.withdrawn,
        }
    }
}

impl From<timetable::Rejected> for RejectedRow {
    fn from(rejected: timetable::Rejected) -> Self {
        Self {
            file: rejected.file,
            line: rejected.line,
            reason: rejected.reason,
            clauses: ReasonClause::list(rejected.clauses),
        }
    }
}

impl From<timetable::UploadReport> for TimetableReport {
    fn from(report: timetable::UploadReport) -> Self {
        let sold = report.sold;
        Self {
            unchanged: report.unchanged,
            counts: report.counts.into_iter().map(RowCounts::from).collect(),
            departures: report.departures,
            rejected: RejectedRows {
                total: report.rejected.total,
                rows: report.rejected.items.into_iter().map(RejectedRow::from).collect(),
            },
            notices: report.notices.into(),
            ambiguous_fares: report.fares.into(),
            stops_without_city: report.stops_without_city.into(),
            sold: SoldChanges {
                moved: sold.moved,
                reopened: sold.reopened,
                closed: sold.closed.into(),
                doubtful: sold.doubtful.into(),
                overbooked: sold.overbooked.into(),
            },
        }
    }
}
