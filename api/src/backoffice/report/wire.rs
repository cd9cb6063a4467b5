//! Response bodies of the report operations.
use domain::id::ReportId;
use domain::report::{DateField, ReportStatus};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Word};

/// A single report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneReport {
    /// The report in its current state.
    pub report: Report,
}

/// A page of reports.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportList {
    /// Newest first.
    #[schemars(length(max = 100))]
    pub reports: Vec<Report>,
    /// Total number of reports, regardless of `take` and `skip`.
    #[schemars(example = 12)]
    pub total: usize,
}

/// An export of the orders of a company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Opaque id.
    pub id: Id<ReportId>,
    /// Status of the report.
    #[schemars(example = &"Completed")]
    pub status: Word<ReportStatus>,
    /// First day, in the time zone of the company.
    #[schemars(extend("format" = "date"), example = &"2026-11-01")]
    pub date_from: String,
    /// Last day, inclusive.
    #[schemars(extend("format" = "date"), example = &"2026-11-30")]
    pub date_to: String,
    /// Which date of an order must fall within these days.
    pub date_field: Word<DateField>,
    /// File format: `csv`.
    #[schemars(example = &"csv")]
    pub format: String,
    /// Number of orders in the file; null until the report is complete.
    #[schemars(example = 48_213)]
    pub row_count: Option<i64>,
    /// Size of the file in bytes; null until the report is complete.
    #[schemars(example = 12_402_118)]
    pub size_bytes: Option<i64>,
    /// SHA-256 hash of the file, in hexadecimal; null until the report is complete.
    #[schemars(example = &"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    pub sha256: Option<String>,
    /// Progress in percent; 100 when the report is complete.
    #[schemars(range(min = 0, max = 100), example = 100)]
    pub progress: i16,
    /// Why the last attempt failed; null if no attempt has failed or the report is complete.
    #[schemars(example = serde_json::Value::Null)]
    pub error_message: Option<String>,
    /// When the report was requested.
    pub created_at: Instant,
    /// When processing started.
    pub started_at: Option<Instant>,
    /// When the report was completed.
    pub completed_at: Option<Instant>,
}

/// A download link.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// URL of the file. Anyone who has it can download the file.
    #[schemars(example = &"https://files.example.com/orders-2026-11-01_2026-11-30.csv?signature=c2lnbmF0dXJl")]
    pub url: String,
    /// When the link expires.
    pub expires_at: Instant,
}

impl From<app::report::Report> for Report {
    fn from(report: app::report::Report) -> Self {
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
