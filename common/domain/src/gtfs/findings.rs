//! Problems of a feed: rejected rows, notices about the feed as a whole, and reasons to refuse it.

use std::fmt;

use serde::Serialize;

use super::clause::Clause;
use super::remark::Remark;

/// A row that could not be used, and what was left out with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// File inside the feed.
    pub file: &'static str,
    /// Line in it; the header is line 1.
    pub line: u64,
    /// What is wrong, and what was left out because of it.
    pub reason: Remark,
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {}", self.file, self.line, self.reason)
    }
}

/// Everything to report to the operator about a feed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// Rejected rows, in the order in which the files are read.
    pub flaws: Vec<Flaw>,
    /// Notices that concern no single row.
    pub notices: Vec<Remark>,
    /// Pairs of zones with several fares, which of these is used and why; one line for each pair.
    pub fares: Vec<Remark>,
}

impl Findings {
    /// Records a rejected row.
    pub fn flaw(&mut self, file: &'static str, line: u64, reason: impl Into<Remark>) {
        let reason = reason.into();
        self.flaws.push(Flaw { file, line, reason });
    }

    /// Records that an optional file is left out as a whole.
    pub fn left_out(&mut self, file: &'static str, refusal: Refusal) {
        let (line, what) = match refusal {
            Refusal::MissingColumn { column, .. } => (1, Clause::ColumnMissing { column: column.into() }.into()),
            Refusal::EmptyFile(_) => (1, Clause::HeaderMissing {}.into()),
            Refusal::Malformed { line, reason, .. } => (line, reason),
            other => (1, other.remark()),
        };
        self.flaw(file, line, what.and(Clause::FileLeftOut {}));
    }

    /// Records a notice.
    pub fn notice(&mut self, text: impl Into<Remark>) {
        self.notices.push(text.into());
    }
}

/// Why a feed cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A required file is missing.
    #[error("{0} is missing")]
    MissingFile(&'static str),
    /// Both calendar files are missing.
    #[error("calendar.txt and calendar_dates.txt are both missing")]
    MissingCalendar,
    /// A file has no header or not a single row.
    #[error("{0} is empty")]
    EmptyFile(&'static str),
    /// A required column is missing.
    #[error("{file} has no column {column}")]
    MissingColumn {
        /// File inside the feed.
        file: &'static str,
        /// Name in its header.
        column: &'static str,
    },
    /// Every single trip was left out: publishing that would take the whole feed off sale.
    #[error("no trip is usable: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NoTrip(
        /// The first few reasons.
        Vec<Flaw>,
    ),
    /// Several fares apply to the same pair, and the operator asked to refuse such a feed.
    #[error("several fares for one pair ({} in all): {}", .0.len(), .0.iter().take(5).map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    SeveralFares(
        /// One line for each pair.
        Vec<Remark>,
    ),
    /// A file that is not CSV, or not text in UTF-8.
    #[error("{file}:{line} {reason}")]
    Malformed {
        /// File inside the feed.
        file: &'static str,
        /// The line at which it cannot be parsed.
        line: u64,
        /// The problem.
        reason: Remark,
    },
}

impl Refusal {
    /// The refusal as a sentence.
    #[must_use]
    pub fn remark(&self) -> Remark {
        let at = |file: &str, line: u64| Clause::AtLine {
            file: file.into(),
            line: line.to_string(),
        };
        let clauses = match self {
            Self::MissingFile(file) => vec![Clause::FileMissing { file: (*file).into() }],
            Self::MissingCalendar => vec![Clause::CalendarMissing {}],
            Self::EmptyFile(file) => vec![Clause::FileEmpty { file: (*file).into() }],
            Self::MissingColumn { file, column } => {
                let column = (*column).into();
                vec![
                    Clause::AtFile { file: (*file).into() },
                    Clause::ColumnMissing { column },
                ]
            }
            Self::NoTrip(flaws) => {
                let flaw = |flaw: &Flaw| [&[at(flaw.file, flaw.line)], flaw.reason.clauses()].concat();
                let flaws = flaws.iter().flat_map(flaw);
                std::iter::once(Clause::NoTrip {}).chain(flaws).collect()
            }
            Self::SeveralFares(lines) => {
                let pairs = lines.len().to_string();
                vec![Clause::SeveralFares { pairs }]
            }
            Self::Malformed { file, line, reason } => [&[at(file, *line)], reason.clauses()].concat(),
        };
        Remark::new(self.to_string(), clauses)
    }
}
