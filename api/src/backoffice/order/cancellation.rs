//! Canceling an order on behalf of the company, and the refund, as responses show it.

use std::sync::Arc;

use app::ticket::cancellation::{self, Refund};
use app::work::Work;
use domain::id::{RefundRuleId, TicketId};
use domain::language::Language;
use domain::money::Currency;
use domain::refund_rule;
use poem::web::Data;
use poem_openapi::OpenApi;
use schemars::JsonSchema;
use serde::Serialize;

use super::body::CancelOrder;
use super::refusal::Cancel;
use super::wire::OneOrder;
use super::{actor, one};
use crate::auth::person::AtCompany;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Optional;
use crate::wire::path::Path;
use crate::wire::reply::{Answer, Reply};
use crate::wire::value::{Amount, Id, Word};

/// Canceling orders.
#[derive(Debug, Clone, Copy)]
pub struct CancellationApi;

#[OpenApi(prefix_path = "/v2/orders", tag = "Chapter::Orders")]
impl CancellationApi {
    /// Show what canceling an order would refund
    ///
    /// Returns what would be refunded if the order were canceled now. Nothing changes.
    #[oai(path = "/:id/cancellation", method = "get", operation_id = "previewCancellation")]
    pub(crate) async fn preview(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
    ) -> Answer<Cancellation, Cancel> {
        let refund = cancellation::preview(&state.platform, office.company_id, id.0).await?;
        Ok(Reply::new(Cancellation::new(refund)))
    }

    /// Cancel an order
    ///
    /// Cancels the order on behalf of the company, at any time, regardless of the partner's permissions. A paid order
    /// becomes `Refund` with the `refundAmount` that `GET /v2/orders/{id}/cancellation` shows, any other `Canceled`.
    /// The seat is on sale again immediately. The passenger is notified.
    #[oai(path = "/:id/cancel", method = "post", operation_id = "cancelOrder")]
    pub(crate) async fn cancel(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
        body: Optional<CancelOrder>,
    ) -> Answer<OneOrder, Cancel> {
        let actor = actor(&office, &context, body.0.reason);
        let record = cancellation::cancel(&state.platform, &work, office.company_id, &actor, id.0).await?;
        Ok(one(record, Language::Uk))
    }
}

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
