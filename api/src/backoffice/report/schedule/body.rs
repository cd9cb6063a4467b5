//! Request bodies of the operations on scheduled reports.

use app::error::{AppError, AppResult, FieldError};
use app::report::schedule::WantedReport;
use chrono::NaiveTime;
use domain::language::Language;
use domain::report::DateField;
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use domain::report::schedule::{Days, Period, Timing, Weekday, Weekdays};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::wire::body::bodies;
use crate::wire::value::Word;

/// A scheduled report: its contents, times and recipients. Either `weekdays` or `dayOfMonth` is required.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = json!({
    "period": "lastWeek", "dateField": "departureDate", "delimiter": ";", "decimal": ",", "weekdays": ["Monday"],
    "time": "07:00", "language": "UK", "recipients": ["olena@example.com"], "enabled": true
}))]
pub struct SaveReportSchedule {
    /// Days that each report covers.
    pub period: Word<Period>,
    /// Which date of an order must fall within these days. Defaults to `createdAt`.
    pub date_field: Option<Word<DateField>>,
    /// Delimiter between the cells of the file. Defaults to `,`.
    pub delimiter: Option<Word<Delimiter>>,
    /// Decimal mark of amounts in the file. Defaults to `.`.
    pub decimal: Option<Word<DecimalMark>>,
    /// Days of the week on which the report is generated. Omit it with `dayOfMonth`.
    #[schemars(length(min = 1, max = 7))]
    pub weekdays: Option<Vec<Word<Weekday>>>,
    /// Day of the month on which the report is generated, the last day in months that have fewer. Omit it with
    /// `weekdays`.
    #[schemars(range(min = 1, max = 31))]
    pub day_of_month: Option<u8>,
    /// Time of the day at which the report is generated, in the time zone of the company.
    #[schemars(length(max = 5), regex(pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"), example = &"07:00")]
    pub time: String,
    /// Language of the e-mails.
    pub language: Word<Language>,
    /// E-mail addresses to which a link to each report is sent. They need not belong to users.
    #[schemars(length(min = 1, max = 10), inner(email, length(max = 254)))]
    #[schemars(example = ["olena@example.com"])]
    pub recipients: Vec<String>,
    /// Whether the schedule is enabled. Defaults to true.
    pub enabled: Option<bool>,
}

bodies!(SaveReportSchedule);

impl SaveReportSchedule {
    /// The schedule that the company asks for.
    ///
    /// # Errors
    /// [`AppError::Validation`]: an invalid time, days of the week beside a day of the month, or neither.
    pub fn wanted(self) -> AppResult<WantedReport> {
        let mut wrong = Vec::new();
        let time = NaiveTime::parse_from_str(&self.time, "%H:%M");
        let time = time.unwrap_or_else(|_| {
            wrong.push(FieldError::new("time", "time", "must be a time of the day"));
            NaiveTime::MIN
        });
        let weekdays = self
            .weekdays
            .map(|days| days.into_iter().map(|day| day.0).collect::<Vec<_>>());
        let weekdays = weekdays.and_then(|days| Weekdays::of(&days));
        let days = match (weekdays, self.day_of_month) {
            (Some(weekdays), None) => Some(Days::OfWeek(weekdays)),
            (None, Some(day)) => Some(Days::OfMonth(day)),
            (None, None) => {
                let message = "is required unless a day of the month is given";
                wrong.push(FieldError::new("weekdays", "required", message));
                None
            }
            (Some(_), Some(_)) => {
                let message = "must be omitted if days of the week are given";
                wrong.push(FieldError::new("dayOfMonth", "rule", message));
                None
            }
        };
        match days {
            Some(days) if wrong.is_empty() => Ok(WantedReport {
                period: self.period.0,
                date_field: self.date_field.map_or(DateField::CreatedAt, |word| word.0),
                dialect: Dialect {
                    delimiter: self.delimiter.map_or(Delimiter::Comma, |word| word.0),
                    decimal: self.decimal.map_or(DecimalMark::Point, |word| word.0),
                },
                timing: Timing { days, time },
                language: self.language.0,
                recipients: self.recipients,
                enabled: self.enabled.unwrap_or(true),
            }),
            _ => Err(AppError::Validation(wrong)),
        }
    }
}
