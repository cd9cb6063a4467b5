//! Request bodies of the operations on the discounts of a company.

use app::discount::NewDiscount;
use chrono::NaiveDate;
use domain::discount::DiscountRule;
use domain::money::Currency;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::wire::body::bodies;
use crate::wire::value::{Amount, Word};

/// A discount to create.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = json!({ "name": "Student", "rule": "Percent", "amount": 10, "endDate": "2027-12-31" }))]
pub struct CreateDiscount {
    /// Name of the discount. It must be unique among the company's discounts.
    #[schemars(length(min = 1, max = 100))]
    #[schemars(example = &"Student")]
    pub name: String,
    /// How the discount is calculated.
    pub rule: Word<DiscountRule>,
    /// Percentage or fixed amount, depending on `rule`: greater than 0, with at most two decimal places. A percentage is
    /// at most 100.
    #[schemars(range(min = 0.01, max = 100_000_000), extend("multipleOf" = 0.01))]
    #[schemars(example = 10)]
    pub amount: Amount,
    /// Currency of a fixed amount. Omit it for a percentage.
    pub currency: Option<Word<Currency>>,
    /// First day of sale on which the discount applies, in the time zone of the company. Omit it if there is none.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which the discount applies, in the time zone of the company. Omit it if there is none.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    pub end_date: Option<NaiveDate>,
}

/// Days of sale of a discount.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetDiscountDays {
    /// First day of sale on which the discount applies, in the time zone of the company. Omit it if there is none.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    #[schemars(example = &"2026-01-01")]
    pub start_date: Option<NaiveDate>,
    /// Last day of sale on which the discount applies, in the time zone of the company. Omit it if there is none.
    #[schemars(regex(pattern = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))]
    #[schemars(example = &"2026-12-31")]
    pub end_date: Option<NaiveDate>,
}

bodies!(CreateDiscount, SetDiscountDays);

impl From<CreateDiscount> for NewDiscount {
    fn from(body: CreateDiscount) -> Self {
        Self {
            name: body.name.trim().to_owned(),
            rule: body.rule.0,
            amount: body.amount.0.round_dp(2), // see `wire::rules` about floats
            currency: body.currency.map(|word| word.0),
            start_date: body.start_date,
            end_date: body.end_date,
        }
    }
}
