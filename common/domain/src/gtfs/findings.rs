//! Problems of a feed: rejected rows, notices about the feed as a whole, and reasons to refuse it.

use std::fmt;

use serde::Serialize;

/// A row that could not be used, and what was left out with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Flaw {
    /// File inside the feed.
    pub file: &'static str,
    /// Line in it; the header is line 1.
    pub line: u64,
    /// What is wrong, and what was left out because of it.
    pub reason: String,
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
    pub notices: Vec<String>,
    /// Pairs of zones with several fares, which of these is used and why; one line for each pair.
    pub fares: Vec<String>,
}

impl Findings {
    /// Records a rejected row.
    pub fn flaw(&mut self, file: &'static str, line: u64, reason: impl Into<String>) {
        let reason = reason.into();
        self.flaws.push(Flaw { file, line, reason });
    }

    /// Records that an optional file is left out as a whole.
    pub fn left_out(&mut self, file: &'static str, refusal: &Refusal) {
        let (line, what) = match refusal {
            Refusal::MissingColumn { column, .. } => (1, format!("has no column {column}")),
            Refusal::EmptyFile(_) => (1, "has no header".to_owned()),
            Refusal::Encoding { line, hint, .. } => (*line, format!("is not UTF-8: {hint}")),
            Refusal::Malformed { line, reason, .. } => (*line, reason.clone()),
            other => (1, other.to_string()),
        };
        self.flaw(file, line, format!("{what}; the file is left out"));
    }

    /// Records a notice.
    pub fn notice(&mut self, text: impl Into<String>) {
        self.notices.push(text.into());
    }
}

/// Why a feed cannot be used at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A required file.
    #[error("{0} is missing")]
    MissingFile(&'static str),
    /// Both calendar files are missing.
    #[error("calendar.txt and calendar_dates.txt are both missing")]
    MissingCalendar,
    /// A file without a header or without a single row.
    #[error("{0} is empty")]
    EmptyFile(&'static str),
    /// A required column.
    #[error("{file} has no column {column}")]
    MissingColumn {
        /// File inside the feed.
        file: &'static str,
        /// Name in its header.
        column: &'static str,
    },
    /// Text that is not UTF-8.
    #[error("{file}:{line} is not UTF-8: {hint}")]
    Encoding {
        /// File inside the feed.
        file: &'static str,
        /// Line of the first offending byte.
        line: u64,
        /// Which encoding it looks like.
        hint: &'static str,
    },
    /// Every single trip was left out: publishing that would take the whole feed off sale.
    #[error("no trip is usable: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    NoTrip(
        /// The first few reasons.
        Vec<Flaw>,
    ),
    /// Several fares apply to the same pair, and the operator asked to refuse such a feed.
    #[error("several fares for one pair ({} in all): {}", .0.len(), .0.iter().take(5).cloned().collect::<Vec<_>>().join("; "))]
    SeveralFares(
        /// One line a pair.
        Vec<String>,
    ),
    /// A file that is not CSV.
    #[error("{file}:{line} {reason}")]
    Malformed {
        /// File inside the feed.
        file: &'static str,
        /// Where it cannot be parsed.
        line: u64,
        /// What is wrong.
        reason: String,
    },
}
