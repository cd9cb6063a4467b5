//! Refund rules of companies for canceled paid orders.

use std::sync::Arc;

use app::refund_rule;
use domain::id::RefundRuleId;
use domain::money::Currency;
use domain::refund_rule::{Refund, RefundRule};
use poem::web::Data;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::{Chapter, author};
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::reply::{Answer, Reply};
use crate::wire::value::{Amount, Id, Word};
use body::SetRefundRules;
use refusal::Terms;

pub mod body;
pub mod refusal;

/// The refund rules of a company.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompanyRefundRules {
    /// Sorted by hours in descending order.
    #[schemars(length(max = 1_000))]
    pub refund_rules: Vec<CompanyRefundRule>,
}

/// A refund rule of a company: a percentage, or an amount and its currency.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompanyRefundRule {
    /// Opaque id. A rule that changes gets a new one.
    pub id: Id<RefundRuleId>,
    /// Minimum number of hours before boarding.
    #[schemars(example = 24)]
    pub hours: i32,
    /// Percentage of the price that is refunded; null if the rule states an amount.
    #[schemars(example = 75)]
    pub percent: Option<Amount>,
    /// Amount that is refunded, at most the price; null if the rule states a percentage.
    pub amount: Option<Amount>,
    /// Currency of the amount; null if the rule states a percentage.
    pub currency: Option<Word<Currency>>,
}

impl CompanyRefundRules {
    fn new(rules: Vec<RefundRule>) -> Self {
        let shown = rules.into_iter().map(|RefundRule { id, tier }| {
            let (percent, money) = match tier.refund {
                Refund::Percent(percent) => (Some(Amount(percent)), None),
                Refund::Fixed(money) => (None, Some(money)),
            };
            CompanyRefundRule {
                id: Id(id),
                hours: tier.hours,
                percent,
                amount: money.map(|money| Amount(money.amount)),
                currency: money.map(|money| Word(money.currency)),
            }
        });
        Self {
            refund_rules: shown.collect(),
        }
    }
}

/// Operations on refund rules.
#[derive(Debug, Clone, Copy)]
pub struct RefundRuleApi;

#[OpenApi(prefix_path = "/v2/refund-rules", tag = "Chapter::Terms")]
impl RefundRuleApi {
    /// List the refund rules
    ///
    /// Returns what is refunded when paid orders of the company are canceled. Of the rules with enough hours left before
    /// boarding, the one with the most hours applies. Orders less than 20 minutes old are refunded in full.
    #[oai(path = "/", method = "get", operation_id = "listRefundRules")]
    pub(crate) async fn list(&self, state: Shared<'_>, office: AtCompany) -> Answer<CompanyRefundRules, Terms> {
        let rules = refund_rule::list(&state.platform.pool, office.company_id).await?;
        Ok(Reply::new(CompanyRefundRules::new(rules)))
    }

    /// Set the refund rules
    ///
    /// Replaces all refund rules of the company. They apply to every order that is canceled from now on, including
    /// orders that were sold before. If no rule has changed, the rules keep their ids.
    #[oai(path = "/", method = "put", operation_id = "setRefundRules")]
    pub(crate) async fn set(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        office: AtCompany,
        body: Strict<SetRefundRules>,
    ) -> Answer<CompanyRefundRules, Terms> {
        let (pool, company_id) = (&state.platform.pool, office.company_id);
        let (now, by) = (state.platform.clock.now(), author(&office.person, &context));
        refund_rule::set(pool, now, &by, company_id, &body.0.tiers()?).await?;
        let rules = refund_rule::list(pool, company_id).await?;
        Ok(Reply::new(CompanyRefundRules::new(rules)))
    }
}
