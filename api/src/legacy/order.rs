//! Orders in the old API: tickets, regardless of their booking.

use std::sync::Arc;

use app::error::{AppError, Noun};
use app::refund_rule;
use app::ticket::{self, Filter};
use app::work::Work;
use domain::id::TicketId;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::body::{CreateOrders, UpdateOrders};
use super::refusal::{Create, List, Read, Update};
use super::window::{self, OldCaller};
use super::wire::{OneTicket, TicketList, Tickets, tickets};
use super::{Chapter, purchase};
use crate::context::RequestContext;
use crate::distribution::booking::wire::{OrderRefundRules, RefundRules};
use crate::state::Shared;
use crate::wire::body::Strict;
use crate::wire::param::{Date, Skip, Take};
use crate::wire::path::Path;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Bare, Failure, Reply};

/// Old operations on orders.
#[derive(Debug, Clone, Copy)]
pub struct OldOrderApi;

#[OpenApi(prefix_path = "/rest/orders", tag = "Chapter::Legacy")]
impl OldOrderApi {
    /// Create orders (legacy)
    ///
    /// Use `POST /v2/bookings` instead, once for each offer. Returns the tickets in the order of the passengers. Each
    /// offer becomes a booking. The bookings are created one after the other. If one is refused, the bookings before it
    /// are canceled.
    #[oai(path = "/", method = "post", operation_id = "oldCreateOrders", deprecated)]
    pub(crate) async fn create(
        &self,
        caller: OldCaller<window::CreateOrders>,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        body: Strict<CreateOrders>,
    ) -> Result<Bare<Tickets>, Failure<Create>> {
        let orders = purchase::buy(&state, caller.partner_id, body.0, &context.cause()).await?;
        Ok(Bare(Tickets(tickets(&orders))))
    }

    /// List orders (legacy)
    ///
    /// Use `GET /v2/bookings` instead, which lists bookings. Returns the orders of the partner, newest first.
    #[oai(path = "/", method = "get", operation_id = "oldListOrders", deprecated)]
    pub(crate) async fn list(
        &self,
        caller: OldCaller<window::ListOrders>,
        state: Shared<'_>,
        /// Only orders that were created on this day in UTC.
        #[oai(name = "createdAt")]
        created_at: Query<Option<Date>>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<TicketList, List> {
        let (date, take, skip) = valid((created_at, take, skip))?;
        let filter = Filter {
            created_day: date.map(|date| date.0),
            take: take.0.into(),
            skip: skip.0.into(),
        };
        let (orders, total) = ticket::list(&state.platform, caller.partner_id, filter).await?;
        Ok(Reply::new(TicketList {
            orders: tickets(&orders),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Get an order (legacy)
    ///
    /// Use `GET /v2/bookings/{id}` instead, with the `bookingId` of the ticket as `id`.
    #[oai(path = "/:id", method = "get", operation_id = "oldGetOrder", deprecated)]
    pub(crate) async fn get(
        &self,
        caller: OldCaller<window::GetOrder>,
        state: Shared<'_>,
        /// Id of the order.
        id: Path<TicketId>,
    ) -> Answer<OneTicket, Read> {
        let orders = ticket::find(&state.platform, caller.partner_id, &[id.0]).await?;
        let order = tickets(&orders).pop().ok_or(AppError::NotFound(Noun::Ticket))?;
        Ok(Reply::new(OneTicket { order }))
    }

    /// Get the refund rules of an order (legacy)
    ///
    /// Use `GET /v2/bookings/{id}/refund-rules` instead, which returns the refund rules of every ticket of a booking.
    #[oai(
        path = "/:id/refund-rules",
        method = "get",
        operation_id = "oldGetOrderRefundRules",
        deprecated
    )]
    pub(crate) async fn refund_rules(
        &self,
        caller: OldCaller<window::GetOrderRefundRules>,
        state: Shared<'_>,
        /// Id of the order.
        id: Path<TicketId>,
    ) -> Answer<RefundRules, Read> {
        let amounts = refund_rule::of_ticket(&state.platform, caller.partner_id, id.0).await?;
        Ok(Reply::new(RefundRules {
            refund_rules: vec![OrderRefundRules::new(id.0, amounts)],
        }))
    }

    /// Pay for, book or cancel orders (legacy)
    ///
    /// Use `POST /v2/bookings/{id}/pay`, `/book` or `/cancel` instead. Applies to all given orders or to none, even if
    /// they are in several bookings. Returns the orders in the order of `ids`.
    #[oai(path = "/", method = "patch", operation_id = "oldUpdateOrders", deprecated)]
    pub(crate) async fn update(
        &self,
        caller: OldCaller<window::UpdateOrders>,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        body: Strict<UpdateOrders>,
    ) -> Result<Bare<Tickets>, Failure<Update>> {
        let action = body.0.action()?;
        let mut ids: Vec<TicketId> = Vec::with_capacity(body.0.ids.len());
        for id in &body.0.ids {
            let id = id.parse().map_err(|_| AppError::NotFound(Noun::Ticket))?;
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        let (platform, cause) = (&state.platform, context.cause());
        let work = Work::Own(platform.pool.clone());
        let orders = ticket::act_on(platform, &work, caller.partner_id, action, &ids, &cause).await?;
        Ok(Bare(Tickets(tickets(&orders))))
    }
}
