//! Request bodies of the operations on refund rules.

use app::error::{AppError, AppResult, FieldError};
use domain::money::{Currency, Money};
use domain::refund_rule::{Refund, RefundTier};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::wire::body::bodies;
use crate::wire::value::{Amount, Word};

/// All refund rules of the company.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetRefundRules {
    /// The rules, each with a different number of hours. Without any rule, nothing is refunded once an order is 20
    /// minutes old.
    #[schemars(length(max = 20))]
    pub rules: Vec<NewRefundRule>,
}

/// A refund rule: either `percent`, or `amount` and `currency`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(example = json!({ "hours": 24, "percent": 75 }))]
pub struct NewRefundRule {
    /// Minimum number of hours before boarding.
    #[schemars(range(min = 0, max = 8_760))]
    #[schemars(example = 24)]
    pub hours: i32,
    /// Percentage of the price that is refunded, with at most two decimal places.
    #[schemars(range(min = 0, max = 100), extend("multipleOf" = 0.01))]
    #[schemars(example = 75)]
    pub percent: Option<Amount>,
    /// Amount that is refunded, at most the price, with at most two decimal places.
    #[schemars(range(min = 0, max = 100_000_000), extend("multipleOf" = 0.01))]
    pub amount: Option<Amount>,
    /// Currency of the amount.
    pub currency: Option<Word<Currency>>,
}

bodies!(SetRefundRules);

impl SetRefundRules {
    /// The tiers.
    ///
    /// # Errors
    /// Names every rule that has both a percentage and an amount or neither, has an amount without a currency, or has
    /// the same hours as another rule.
    pub fn tiers(self) -> AppResult<Vec<RefundTier>> {
        let (mut tiers, mut wrong): (Vec<RefundTier>, Vec<FieldError>) = (Vec::new(), Vec::new());
        for (at, rule) in self.rules.into_iter().enumerate() {
            let mut refuse = |field: &str, constraint: &str, message: &str| {
                wrong.push(FieldError::new(format!("rules[{at}].{field}"), constraint, message));
            };
            if tiers.iter().any(|tier| tier.hours == rule.hours) {
                refuse("hours", "unique", "must differ from the hours of every other rule");
            }
            let refund = match (rule.percent, rule.amount, rule.currency) {
                (Some(percent), None, None) => Some(Refund::Percent(percent.0.round_dp(2))),
                (None, Some(amount), Some(currency)) => {
                    Some(Refund::Fixed(Money::new(amount.0.round_dp(2), currency.0)))
                }
                (None, Some(_), None) => {
                    refuse("currency", "required", "is required with an amount");
                    None
                }
                (None, None, _) => {
                    refuse("percent", "required", "is required unless an amount is given");
                    None
                }
                (Some(_), ..) => {
                    refuse("percent", "rule", "must be omitted if an amount or a currency is given");
                    None
                }
            };
            tiers.extend(refund.map(|refund| RefundTier {
                hours: rule.hours,
                refund,
            }));
        }
        if wrong.is_empty() {
            Ok(tiers)
        } else {
            Err(AppError::Validation(wrong))
        }
    }
}
