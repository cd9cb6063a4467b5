//! Request bodies of the report operations.

use app::error::{AppError, AppResult, FieldError};
use app::report::NewReport;
use chrono::NaiveDate;
use domain::id::{CompanyId, UserId};
use domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use domain::report::{DateField, Range, RangeError};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;
use crate::wire::value::Word;

/// A report to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateReport {
    /// First day, in the time zone of the company; 2000-01-01 or later.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), extend("format" = "date"))]
    #[schemars(example = &"2026-11-01")]
    pub date_from: String,
    /// Last day, inclusive. A report covers at most 366 days, including the first and the last day.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), extend("format" = "date"))]
    #[schemars(example = &"2026-11-30")]
    pub date_to: String,
    /// Which date of an order must fall within these days: its creation, or the boarding. Defaults to `createdAt`.
    pub date_field: Option<Word<DateField>>,
    /// Delimiter between the cells of the file. Defaults to `,`.
    pub delimiter: Option<Word<Delimiter>>,
    /// Decimal mark of amounts in the file. Defaults to `.`.
    pub decimal: Option<Word<DecimalMark>>,
}

bodies!(CreateReport);

impl CreateReport {
    /// The report that a person of a company asks for.
    ///
    /// # Errors
    /// [`AppError::Validation`]: every invalid date, or an invalid range of dates.
    pub fn asked_by(self, company_id: CompanyId, requested_by: UserId) -> AppResult<NewReport> {
        let day = |field: &str, text: &str| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
            day.map_err(|_| FieldError::new(field, "date", "must be a valid calendar date"))
        };
        let (from, to) = match (day("dateFrom", &self.date_from), day("dateTo", &self.date_to)) {
            (Ok(from), Ok(to)) => (from, to),
            (from, to) => {
                let wrong = [from.err(), to.err()].into_iter().flatten().collect();
                return Err(AppError::Validation(wrong));
            }
        };
        let range = Range::new(from, to).map_err(|error| {
            let (field, constraint) = match error {
                RangeError::From => ("dateFrom", "range"),
                RangeError::To => ("dateTo", "range"),
                RangeError::Reversed => ("dateTo", "order"),
                RangeError::TooLong => ("dateTo", "maxDays"),
            };
            AppError::field(field, constraint, error.to_string())
        })?;
        Ok(NewReport {
            company_id,
            requested_by: Some(requested_by),
            range,
            date_field: self.date_field.map_or(DateField::CreatedAt, |word| word.0),
            dialect: Dialect {
                delimiter: self.delimiter.map_or(Delimiter::Comma, |word| word.0),
                decimal: self.decimal.map_or(DecimalMark::Point, |word| word.0),
            },
        })
    }
}
