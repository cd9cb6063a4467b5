//! Moves of a ticket to another departure, or to another passenger.

use std::sync::Arc;

use app::error::{AppError, Noun};
use app::ticket::move_request::{MoveRequest, move_ticket};
use app::work::Work;
use domain::id::{RouteId, TicketId, TripId};
use domain::language::Language;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::body::MoveOrder;
use super::refusal::Move;
use super::wire::OneOrder;
use super::{actor, one};
use crate::auth::person::AtCompany;
use crate::backoffice::Chapter;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::path::Path;
use crate::wire::reply::Answer;

/// Moves of tickets.
#[derive(Debug, Clone, Copy)]
pub struct TicketMoveApi;

#[OpenApi(prefix_path = "/v2/orders", tag = "Chapter::Orders")]
impl TicketMoveApi {
    /// Move an order
    ///
    /// Moves the order to another departure between the same stops, or to another passenger. The price and the payment
    /// do not change. The order gets a new booking: `order.bookingId`. The partner can also find the order under the id
    /// of the old booking, if all orders of the old booking moved together. The passenger is notified.
    #[oai(path = "/:id/move", method = "post", operation_id = "moveOrder")]
    pub(crate) async fn move_order(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
        body: Strict<MoveOrder>,
    ) -> Answer<OneOrder, Move> {
        let MoveOrder {
            departure_date,
            trip_id,
            route_id,
            passenger,
            order_ids,
            reason,
        } = body.0;
        let orders = order_ids.into_iter().flatten().map(|id| id.parse());
        let also: Result<Vec<TicketId>, _> = orders.collect();
        // An id of the wrong format names no trip.
        let trip_id: Option<TripId> = trip_id.map(|id| id.parse()).transpose().map_err(closed)?;
        let route_id: Option<RouteId> = route_id.map(|id| id.parse()).transpose().map_err(closed)?;
        let change = MoveRequest {
            also: also.map_err(|_| AppError::NotFound(Noun::Ticket))?,
            day: departure_date,
            trip_id,
            route_id,
            passenger: passenger.map(Into::into),
        };
        let actor = actor(&office, &context, reason);
        let order = move_ticket(&state.platform, &work, office.company_id, &actor, id.0, change).await?;
        Ok(one(order, Language::Uk))
    }
}

fn closed<E>(_: E) -> AppError {
    AppError::DepartureClosed
}
