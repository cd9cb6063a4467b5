//! The refund of canceling an order, as responses show it.

use app::ticket::cancellation::Refund;
use domain::id::RefundRuleId;
use domain::money::Currency;
use domain::refund_rule;
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Amount, Id, Word};

/// What canceling an order would do now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cancellation {
    /// The refund; null for an unpaid order, which is canceled without a refund.
    pub refund: Option<ExpectedRefund>,
}

/// What would be refunded.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExpectedRefund {
    /// Refund amount.
    #[schemars(example = 225)]
    pub amount: Amount,
    /// Currency of the order.
    pub currency: Word<Currency>,
    /// Why it is this amount.
    pub basis: RefundBasis,
    /// Id of the refund rule; null unless `basis` is `Rule`.
    pub rule_id: Option<Id<RefundRuleId>>,
    /// Minimum number of hours before boarding of the rule; null unless `basis` is `Rule`.
    #[schemars(example = 24)]
    pub hours: Option<i32>,
}

/// Why a refund has its amount: `Grace`, the order is less than 20 minutes old and is refunded in full; `Rule`, by a
/// refund rule of the company; `NoRule`, no rule applies so shortly before boarding, and nothing is refunded.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub enum RefundBasis {
    /// The order is less than 20 minutes old.
    Grace,
    /// A refund rule applies.
    Rule,
    /// No refund rule applies.
    NoRule,
}

impl Cancellation {
    /// What canceling would do.
    #[must_use]
    pub fn new(refund: Option<Refund>) -> Self {
        let expected = |refund: Refund| {
            let (basis, rule) = match refund.basis {
                refund_rule::Basis::Grace => (RefundBasis::Grace, None),
                refund_rule::Basis::Rule(rule) => (RefundBasis::Rule, Some(rule)),
                refund_rule::Basis::NoRule => (RefundBasis::NoRule, None),
            };
            ExpectedRefund {
                amount: Amount(refund.amount.amount),
                currency: Word(refund.amount.currency),
                basis,
                rule_id: rule.map(|rule| Id(rule.id)),
                hours: rule.map(|rule| rule.tier.hours),
            }
        };
        Self {
            refund: refund.map(expected),
        }
    }
}
