//! Refund rules of the tickets of a booking.

use app::refund_rule::RefundAmount;
use domain::id::{RefundRuleId, TicketId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::wire::value::{Amount, Id};

/// Refund rules of the tickets.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefundRules {
    /// One item per ticket.
    #[schemars(length(max = 50))]
    pub refund_rules: Vec<OrderRefundRules>,
}

/// Refund rules of a ticket.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrderRefundRules {
    /// Id of the ticket.
    pub order_id: Id<TicketId>,
    /// Refund rules, sorted by `hours` in descending order.
    #[schemars(length(max = 100))]
    pub rules: Vec<RefundRule>,
}

impl OrderRefundRules {
    /// The refund rules of one ticket.
    #[must_use]
    pub fn new(order_id: TicketId, amounts: Vec<RefundAmount>) -> Self {
        let rule = |amount: RefundAmount| RefundRule {
            id: Id(amount.id),
            hours: amount.hours,
            amount: Amount(amount.amount),
        };
        Self {
            order_id: Id(order_id),
            rules: amounts.into_iter().map(rule).collect(),
        }
    }
}

/// A refund rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RefundRule {
    /// Opaque id.
    pub id: Id<RefundRuleId>,
    /// Minimum number of hours before boarding.
    #[schemars(example = 24)]
    pub hours: i32,
    /// Refund amount, in the currency of the ticket.
    #[schemars(example = 625.25)]
    pub amount: Amount,
}
