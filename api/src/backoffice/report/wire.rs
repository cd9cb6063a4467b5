//! What report operations answer with.

use common::db;
use common::domain::report::{DateField, ReportStatus};
use common::id::ReportId;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// One report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneReport {
    /// The report as it is now.
    pub report: Report,
}

/// A page of reports.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportList {
    /// Newest first.
    #[schemars(length(max = 100))]
    pub reports: Vec<Report>,
    /// How many reports there are without `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// Orders of a company as a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Opaque id.
    pub id: Id<ReportId>,
    /// Where it stands.
    #[schemars(example = &"Completed")]
    pub status: Word<ReportStatus>,
    /// The first day, in the time zone of the company.
    #[schemars(extend("format" = "date"), example = &"2026-11-01")]
    pub date_from: String,
    /// The last day.
    #[schemars(extend("format" = "date"), example = &"2026-11-30")]
    pub date_to: String,
    /// Which date of an order counts.
    pub date_field: Word<DateField>,
    /// Format of the file: `csv`.
    #[schemars(example = &"csv")]
    pub format: String,
    /// Orders in the file; null until it is complete.
    #[schemars(example = 48_213)]
    pub row_count: Option<i64>,
    /// Size of the file; null until it is complete.
    #[schemars(example = 12_402_118)]
    pub size_bytes: Option<i64>,
    /// SHA-256 of the file, in hex; null until it is complete.
    #[schemars(example = &"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: Option<String>,
    /// Percent; 100 when it is complete.
    #[schemars(range(min = 0, max = 100), example = 100)]
    pub progress: i16,
    /// Why the last attempt failed; null when none has, and when it is complete.
    #[schemars(example = serde_json::Value::Null)]
    pub error_message: Option<String>,
    /// When it was asked for.
    pub created_at: Instant,
    /// When it was begun.
    pub started_at: Option<Instant>,
    /// When it was completed.
    pub completed_at: Option<Instant>,
}

/// A link to a file.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Where the file is; whoever has the link can read it.
    #[schemars(example = &"https://files.example.com/orders-2026-11-01_2026-11-30.csv?signature=c2lnbmF0dXJl")]
    pub url: String,
    /// Until when.
    pub expires_at: Instant,
}

impl From<db::report::Report> for Report {
    fn from(report: db::report::Report) -> Self {
        let completed = report.status == ReportStatus::Completed;
        Self {
            id: Id(report.id),
            status: Word(report.status),
            date_from: report.date_from.to_string(),
            date_to: report.date_to.to_string(),
            date_field: Word(report.date_field),
            format: report.format,
            row_count: report.row_count,
            size_bytes: report.size_bytes,
            sha256: report.sha256,
            progress: report.progress,
            error_message: report.error_message,
            created_at: Instant(report.created_at),
            started_at: report.started_at.map(Instant),
            completed_at: report.ended_at.filter(|_| completed).map(Instant),
        }
    }
}
