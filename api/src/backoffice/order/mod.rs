//! Orders on the buses of a company (contract section 7). Canceling is in [`cancellation`], confirming and declining in
//! [`decision`], moving to another departure in [`ticket_move`].

use std::sync::Arc;

use app::Actor;
use app::ticket::company::{self, Record, Search};
use app::ticket::resend::{Correction, resend};
use app::work::Work;
use domain::id::{BookingId, RouteId, TicketId};
use domain::language::Language;
use domain::ticket::{PaymentStatus, TicketStatus};
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::person::AtCompany;
use crate::context::RequestContext;
use crate::state::Shared;
use crate::wire::body::Optional;
use crate::wire::param::{BookingKey, Date, Find, NamesIn, RouteKey, Skip, Take};
use crate::wire::path::Path;
use crate::wire::pdf::Pdf;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Failure, Reply};
use crate::wire::value::Word;
use body::ResendOrder;
use refusal::{File, List, Read, Resend};
use wire::{OneOrder, Order, OrderList};

pub mod body;
pub mod cancellation;
pub mod decision;
pub mod refusal;
pub mod ticket_move;
pub mod wire;

/// Operations on orders.
#[derive(Debug, Clone, Copy)]
pub struct OrderApi;

#[OpenApi(prefix_path = "/v2/orders", tag = "Chapter::Orders")]
impl OrderApi {
    /// List orders
    ///
    /// Returns the orders on the buses of the company, newest first.
    #[oai(path = "/", method = "get", operation_id = "listOrders")]
    #[expect(clippy::too_many_arguments, reason = "the parameters of the operation")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Only orders that currently have this status.
        status: Query<Option<Word<TicketStatus>>>,
        /// Only orders that currently have this payment status.
        #[oai(name = "paymentStatus")]
        payment_status: Query<Option<Word<PaymentStatus>>>,
        /// Only orders whose day of boarding is this day, in the time zone of the company.
        #[oai(name = "departureDate")]
        departure_date: Query<Option<Date>>,
        /// Only orders on this route. If the id is unknown, the list is empty.
        #[oai(name = "routeId")]
        route_id: Query<Option<RouteKey>>,
        /// Only orders in this booking. If the id is unknown, the list is empty.
        #[oai(name = "bookingId")]
        booking_id: Query<Option<BookingKey>>,
        /// Only orders with this id, this booking id, this e-mail address, this phone number (or its first or last
        /// digits), or with a passenger whose names begin with these words. Case, accents and apostrophes are ignored.
        /// A search that finds more than 1000 orders is refused, unless a departure date is given.
        search: Query<Option<Find>>,
        /// Language of names.
        language: Query<NamesIn>,
        /// Page size.
        take: Query<Take>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<OrderList, List> {
        let asked = (
            status,
            payment_status,
            departure_date,
            route_id,
            booking_id,
            search,
            language,
            take,
            skip,
        );
        let (status, payment_status, date, route_id, booking_id, search, language, take, skip) = valid(asked)?;
        let route_id = route_id.map(|key| key.0.parse::<RouteId>()).transpose();
        let booking_id = booking_id.map(|key| key.0.parse::<BookingId>()).transpose();
        // An id of the wrong format matches no order.
        let (Ok(route_id), Ok(booking_id)) = (route_id, booking_id) else {
            return Ok(Reply::new(OrderList {
                orders: Vec::new(),
                total: 0,
            }));
        };
        let search = Search {
            text: search.map(|text| text.0),
            booking_id,
            status: status.map(|word| word.0),
            payment_status: payment_status.map(|word| word.0),
            departure_day: date.map(|date| date.0),
            route_id,
            take: take.0.into(),
            skip: skip.0.into(),
        };
        let (orders, total) = company::list(&state.platform, office.company_id, search).await?;
        Ok(Reply::new(OrderList {
            orders: orders.iter().map(|order| Order::new(order, language.0)).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Get an order
    ///
    /// Returns the order with its history and the delivery status of the messages to the passenger.
    #[oai(path = "/:id", method = "get", operation_id = "getOrder")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
        /// Language of names.
        language: Query<NamesIn>,
    ) -> Answer<OneOrder, Read> {
        let (language,) = valid((language,))?;
        let order = company::get(&state.platform, office.company_id, id.0).await?;
        Ok(one(order, language.0))
    }

    /// Get the ticket of an order as a PDF file
    ///
    /// Returns the ticket to print or to show, in the language of the booking, as soon as the order is `Confirmed`.
    #[oai(path = "/:id/ticket.pdf", method = "get", operation_id = "getOrderTicketFile")]
    pub(crate) async fn ticket(
        &self,
        state: Shared<'_>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
    ) -> Result<Pdf, Failure<File>> {
        let pdf = state
            .printer
            .of_ticket(&state.platform, office.company_id, id.0)
            .await?;
        Ok(Pdf::new(pdf, format!("ticket-{}.pdf", id.0)))
    }

    /// Send the ticket again
    ///
    /// Sends the ticket to the passenger again, on every channel that reaches the passenger, or only to a corrected
    /// e-mail address or phone number. The order must be `Confirmed`. At most 3 times an hour for each order.
    #[oai(path = "/:id/resend", method = "post", operation_id = "resendOrder")]
    pub(crate) async fn resend(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        office: AtCompany,
        /// Id of the order.
        id: Path<TicketId>,
        body: Optional<ResendOrder>,
    ) -> Answer<OneOrder, Resend> {
        let ResendOrder { email, phone, reason } = body.0;
        let actor = actor(&office, &context, reason);
        let correction = Correction { email, phone };
        let record = resend(&state.platform, &work, office.company_id, &actor, id.0, correction).await?;
        Ok(one(record, Language::Uk))
    }
}

fn actor(office: &AtCompany, context: &RequestContext, reason: Option<String>) -> Actor {
    Actor::new(office.person.user_id, context.cause()).because(reason)
}

fn one(record: Record, language: Language) -> Reply<OneOrder> {
    Reply::new(OneOrder::new(record, language))
}
