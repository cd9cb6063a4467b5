//! Decisions of a company on an order: whether the passenger is carried, and what was paid in advance.

use std::sync::Arc;

use app::Actor;
use app::error::AppResult;
use app::ticket::decision;
use app::work::Work;
use domain::id::TicketId;
use domain::language::Language;
use domain::ticket::Decision;
use poem::web::Data;
use poem_openapi::OpenApi;
use rust_decimal::Decimal;

use super::body::{Prepayment, Rejection};
use super::refusal::{Confirm, Prepay, Reject};
use super::wire::OneOrder;
use super::{actor, one};
use crate::auth::person::AtCompany;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::state::{Shared, State};
use crate::wire::body::Optional;
use crate::wire::path::Path;
use crate::wire::reply::{Answer, Reply};

/// Decisions on orders.
#[derive(Debug, Clone, Copy)]
pub struct DecisionApi;

#[OpenApi(prefix_path = "/v2/orders", tag = "Chapter::Orders")]
impl DecisionApi {
    /// Confirm an order
    ///
    /// Confirms that the passenger will be carried. The status becomes `Confirmed`, the payment status does not change,
    /// and an unpaid order no longer expires. The passenger is notified.
    #[oai(path = "/:id/confirm", method = "post", operation_id = "confirmOrder")]
    pub(crate) async fn confirm(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
    ) -> Answer<OneOrder, Confirm> {
        let actor = actor(&office, &context, None);
        Ok(decide(&state, &work, &actor, office, id.0, Decision::Confirm, None).await?)
    }

    /// Reject an order
    ///
    /// Rejects the order: the passenger will not be carried. The status becomes `NotConfirmed`, and the seat is on sale
    /// again immediately. A paid order cannot be rejected. Only the partner can cancel it, which refunds the payment.
    /// The passenger is notified.
    #[oai(path = "/:id/reject", method = "post", operation_id = "rejectOrder")]
    pub(crate) async fn reject(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
        body: Optional<Rejection>,
    ) -> Answer<OneOrder, Reject> {
        let actor = actor(&office, &context, body.0.reason);
        Ok(decide(&state, &work, &actor, office, id.0, Decision::Reject, None).await?)
    }

    /// Record a prepayment
    ///
    /// Records that part of the price has been paid and that the rest is paid on board. The status becomes `Confirmed`,
    /// and the payment status becomes `Prepaid`. The passenger is notified.
    #[oai(path = "/:id/prepaid", method = "post", operation_id = "prepayOrder")]
    pub(crate) async fn prepaid(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
        body: Optional<Prepayment>,
    ) -> Answer<OneOrder, Prepay> {
        let amount = body.0.amount.map(|amount| amount.0.round_dp(2)); // see `wire::rules` about floats
        let actor = actor(&office, &context, None);
        Ok(decide(&state, &work, &actor, office, id.0, Decision::Prepaid, amount).await?)
    }
}

async fn decide(
    state: &State,
    work: &Work,
    actor: &Actor,
    office: AtCompany,
    id: TicketId,
    decision: Decision,
    prepaid: Option<Decimal>,
) -> AppResult<Reply<OneOrder>> {
    let order = decision::decide(&state.platform, work, office.company_id, actor, id, decision, prepaid).await?;
    Ok(one(order, Language::Uk))
}
