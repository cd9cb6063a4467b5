//! What report operations are asked with.

use chrono::NaiveDate;
use common::db::report::NewReport;
use common::domain::report::dialect::{DecimalMark, Delimiter, Dialect};
use common::domain::report::{DateField, Range, RangeError};
use common::error::{AppError, AppResult, FieldError};
use common::id::{CompanyId, UserId};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::wire::body::bodies;
use crate::wire::value::Word;

/// Which orders a report is to have.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateReport {
    /// The first day, in the time zone of the company; from 2000-01-01 on.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), extend("format" = "date"))]
    #[schemars(example = &"2026-11-01")]
    pub date_from: String,
    /// The last day; at most 366 days are covered, both ends counted.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), extend("format" = "date"))]
    #[schemars(example = &"2026-11-30")]
    pub date_to: String,
    /// Which date of an order counts: when it was created, or when the passenger boards. `createdAt` when it is left
    /// out.
    pub date_field: Option<Word<DateField>>,
    /// What stands between two cells of the file; `,` when it is left out.
    pub delimiter: Option<Word<Delimiter>>,
    /// The decimal mark of sums in the file; `.` when it is left out.
    pub decimal: Option<Word<DecimalMark>>,
}

bodies!(CreateReport);

impl CreateReport {
    /// The report that a person of a company asks for.
    ///
    /// # Errors
    /// [`AppError::Validation`]: every date that is none, else what is wrong with the two together.
    pub fn asked_by(self, company_id: CompanyId, requested_by: UserId) -> AppResult<NewReport> {
        let day = |field: &str, text: &str| {
            let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
            day.map_err(|_| FieldError::new(field, "date", "is not a day of the calendar"))
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
            requested_by,
            range,
            date_field: self.date_field.map_or(DateField::CreatedAt, |word| word.0),
            dialect: Dialect {
                delimiter: self.delimiter.map_or(Delimiter::Comma, |word| word.0),
                decimal: self.decimal.map_or(DecimalMark::Point, |word| word.0),
            },
        })
    }
}
