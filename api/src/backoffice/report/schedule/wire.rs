//! Response bodies of the operations on scheduled reports.

use app::report::schedule::{self, Failure, LastRun};
use domain::id::{ReportId, ReportScheduleId};
use domain::language::Language;
use domain::report::dialect::{DecimalMark, Delimiter};
use domain::report::schedule::{Period, RunFailure, Weekday, Weekdays};
use domain::report::{DateField, ReportStatus};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Id, Instant, Time, Word};

/// A single scheduled report.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OneReportSchedule {
    /// The scheduled report.
    pub schedule: ReportSchedule,
}

/// A page of scheduled reports.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportScheduleList {
    /// Oldest first.
    #[schemars(length(max = 100))]
    pub schedules: Vec<ReportSchedule>,
    /// Total number of scheduled reports, regardless of `take` and `skip`.
    #[schemars(example = 2)]
    pub total: i64,
    /// Time zone of the company (IANA name). The times and days of the schedules refer to it.
    #[schemars(example = &"Europe/Kyiv")]
    pub time_zone: String,
}

/// A recurring report, sent by e-mail as a link.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportSchedule {
    /// Opaque id.
    pub id: Id<ReportScheduleId>,
    /// Days that each report covers.
    #[schemars(example = &"lastWeek")]
    pub period: Word<Period>,
    /// Which date of an order must fall within these days.
    pub date_field: Word<DateField>,
    /// Delimiter between the cells of the file.
    pub delimiter: Word<Delimiter>,
    /// Decimal mark of amounts in the file.
    pub decimal: Word<DecimalMark>,
    /// Days of the week on which the report is generated, Monday first; null with `dayOfMonth`.
    #[schemars(length(min = 1, max = 7))]
    pub weekdays: Option<Vec<Word<Weekday>>>,
    /// Day of the month on which the report is generated, the last day in months that have fewer; null with `weekdays`.
    #[schemars(range(min = 1, max = 31), example = serde_json::Value::Null)]
    pub day_of_month: Option<u8>,
    /// Time of the day at which the report is generated, in the time zone of the company.
    #[schemars(example = &"07:00")]
    pub time: Time,
    /// Language of the e-mails.
    pub language: Word<Language>,
    /// E-mail addresses to which a link to each report is sent. Empty if all of them were removed because their users
    /// left the company.
    #[schemars(length(max = 10), inner(length(max = 254)))]
    #[schemars(example = ["olena@example.com"])]
    pub recipients: Vec<String>,
    /// Whether the schedule is enabled.
    #[schemars(example = true)]
    pub enabled: bool,
    /// When the next report is due; null if the schedule is disabled.
    pub next_run_at: Option<Instant>,
    /// The last time that the report was due; null if it never was.
    pub last_run: Option<ReportRun>,
    /// When the schedule was created.
    pub created_at: Instant,
}

/// A run of a scheduled report.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportRun {
    /// When it was due.
    pub due_at: Instant,
    /// Id of the report; null until it was requested.
    pub report_id: Option<Id<ReportId>>,
    /// Status of the report; null until it was requested.
    pub status: Option<Word<ReportStatus>>,
    /// Why some recipients did not get the e-mail; null if there was no permanent failure.
    pub failure: Option<ReportRunFailure>,
}

/// Why a scheduled report did not reach its recipients.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReportRunFailure {
    /// What failed.
    #[schemars(example = &"NotMade")]
    pub reason: Word<RunFailure>,
    /// Why the report could not be generated, in English; null for other reasons.
    #[schemars(example = &"The file store failed")]
    pub message: Option<String>,
}

impl From<Failure> for ReportRunFailure {
    fn from(failure: Failure) -> Self {
        Self {
            reason: Word(failure.reason),
            message: failure.message,
        }
    }
}

impl From<schedule::ReportSchedule> for ReportSchedule {
    fn from(schedule: schedule::ReportSchedule) -> Self {
        let wanted = schedule.wanted;
        let weekdays = wanted.timing.days.weekdays().map(Weekdays::list);
        Self {
            id: Id(schedule.id),
            period: Word(wanted.period),
            date_field: Word(wanted.date_field),
            delimiter: Word(wanted.dialect.delimiter),
            decimal: Word(wanted.dialect.decimal),
            weekdays: weekdays.map(|days| days.into_iter().map(Word).collect()),
            day_of_month: wanted.timing.days.day_of_month(),
            time: Time(wanted.timing.time),
            language: Word(wanted.language),
            recipients: wanted.recipients,
            enabled: wanted.enabled,
            next_run_at: schedule.next_at.map(Instant),
            last_run: schedule.last.map(ReportRun::from),
            created_at: Instant(schedule.created_at),
        }
    }
}

impl From<LastRun> for ReportRun {
    fn from(run: LastRun) -> Self {
        Self {
            due_at: Instant(run.due_at),
            report_id: run.report.map(|(id, _)| Id(id)),
            status: run.report.map(|(_, status)| Word(status)),
            failure: run.failure.map(ReportRunFailure::from),
        }
    }
}
