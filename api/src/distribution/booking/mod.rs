//! Bookings (contract section 5). Paying and booking are in [`payment`].

use std::sync::Arc;

use app::booking::{self, Filter, NewBooking};
use app::error::{AppError, AppResult, Noun};
use app::work::Work;
use app::{refund_rule, ticket};
use domain::id::{BookingId, TicketId};
use domain::ticket::Action;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::Chapter;
use crate::auth::partner::Caller;
use crate::context::RequestContext;
use crate::state::{Shared, State};
use crate::wire::body::{Optional, Strict};
use crate::wire::param::{Date, Skip, TakeBookings};
use crate::wire::path::{Path, TicketFile};
use crate::wire::pdf::Pdf;
use crate::wire::query::{Query, valid};
use crate::wire::reply::{Answer, Failure, MayHaveMoved, Reply};
use body::{CreateBooking, OrderIds};
use delivery::{Deliveries, Delivery};
use refusal::{Cancel, Create, File, Read};
use wire::{Booking, BookingList, CreatedBooking, OneBooking, OrderRefundRules, RefundRules};

pub mod body;
pub mod delivery;
pub mod payment;
pub mod refusal;
pub mod wire;

/// The response of an operation on a booking that may have been moved.
type Current<T, R> = Result<MayHaveMoved<Reply<T>>, Failure<R>>;

/// Operations on bookings.
#[derive(Debug, Clone, Copy)]
pub struct BookingApi;

#[OpenApi(prefix_path = "/v2/bookings", tag = "Chapter::Bookings")]
impl BookingApi {
    /// Create a booking
    ///
    /// Holds a seat for every passenger for 20 minutes. Pay for or book the tickets by `paymentRequiredBy`. `warnings`
    /// lists the passengers whom our messages cannot reach: we cannot send them a ticket.
    #[oai(path = "/", method = "post", operation_id = "createBooking")]
    pub(crate) async fn create(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: Caller,
        body: Strict<CreateBooking>,
    ) -> Answer<CreatedBooking, Create, 201> {
        let new = NewBooking::from(body.0);
        let booking = booking::create(&state.platform, &work, caller.partner_id, new, &context.cause()).await?;
        Ok(Reply::new(CreatedBooking::new(&booking, state.platform.clock.now())))
    }

    /// List bookings
    ///
    /// Returns the bookings of the partner, newest first.
    #[oai(path = "/", method = "get", operation_id = "listBookings")]
    pub(crate) async fn list(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// Only bookings whose boarding time falls on this day in UTC.
        #[oai(name = "departureDate")]
        departure_date: Query<Option<Date>>,
        /// Page size.
        take: Query<TakeBookings>,
        /// Number of items to skip; an empty value counts as 0.
        skip: Query<Skip>,
    ) -> Answer<BookingList, ()> {
        let (date, take, skip) = valid((departure_date, take, skip))?;
        let filter = Filter {
            departure_day: date.map(|date| date.0),
            take: take.0.into(),
            skip: skip.0.into(),
        };
        let (bookings, total) = booking::list(&state.platform, caller.partner_id, filter).await?;
        let now = state.platform.clock.now();
        Ok(Reply::new(BookingList {
            bookings: bookings.iter().map(|booking| Booking::new(booking, now)).collect(),
            total: usize::try_from(total).unwrap_or(usize::MAX),
        }))
    }

    /// Get a booking
    ///
    /// Returns the booking. If the carrier moved all its tickets to one other booking, returns that booking instead,
    /// with its path in `Content-Location`.
    #[oai(path = "/:id", method = "get", operation_id = "getBooking")]
    pub(crate) async fn get(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// Id of the booking.
        id: Path<BookingId>,
    ) -> Current<OneBooking, Read> {
        let (booking, moved) = booking::get(&state.platform, caller.partner_id, id.0).await?;
        Ok(current(&state, &booking, moved))
    }

    /// Get the refund rules of a booking
    ///
    /// Returns the refund of each ticket if it is paid and then canceled at least the given number of hours before
    /// boarding. If the booking was moved, the request applies to the new booking, as in `GET /v2/bookings/{id}`.
    #[oai(path = "/:id/refund-rules", method = "get", operation_id = "getRefundRules")]
    pub(crate) async fn refund_rules(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// Id of the booking.
        id: Path<BookingId>,
    ) -> Current<RefundRules, Read> {
        let (rules, current) = refund_rule::of_booking(&state.platform, caller.partner_id, id.0).await?;
        let refund_rules = rules
            .into_iter()
            .map(|(order, amounts)| OrderRefundRules::new(order, amounts))
            .collect();
        Ok(MayHaveMoved::new(RefundRules { refund_rules }, current))
    }

    /// List the messages about a booking
    ///
    /// Returns the delivery status of the messages to the passengers: when they were sent, or why not. If the booking
    /// was moved, the request applies to the new booking.
    #[oai(path = "/:id/deliveries", method = "get", operation_id = "listDeliveries")]
    pub(crate) async fn deliveries(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// Id of the booking.
        id: Path<BookingId>,
    ) -> Answer<Deliveries, Read> {
        let found = booking::deliveries(&state.platform, caller.partner_id, id.0).await?;
        let deliveries = found.into_iter().map(Delivery::new).collect();
        Ok(Reply::new(Deliveries { deliveries }))
    }

    /// Get a ticket as a PDF file
    ///
    /// Returns the ticket to print or to show, in the language of the booking, as soon as it is `Confirmed`. If the
    /// booking was moved, the request applies to the new booking.
    #[oai(path = "/:id/tickets/:orderId.pdf", method = "get", operation_id = "getTicketFile")]
    pub(crate) async fn ticket(
        &self,
        state: Shared<'_>,
        caller: Caller,
        /// Id of the booking.
        id: Path<BookingId>,
        /// Id of the ticket.
        #[oai(name = "orderId.pdf")]
        order_id: Path<TicketFile>,
    ) -> Result<Pdf, Failure<File>> {
        let ticket = order_id.0.0;
        let printed = state
            .printer
            .of_booking(&state.platform, caller.partner_id, id.0, ticket);
        Ok(Pdf::new(printed.await?, format!("ticket-{ticket}.pdf")))
    }

    /// Cancel tickets
    ///
    /// Applies to all given tickets or to none. The seats are released immediately. Paid tickets are returned with a
    /// `refundAmount`: the full price within 20 minutes of their creation, and after that the amount that the refund
    /// rules give. If the booking was moved, the request applies to the new booking, as in `GET /v2/bookings/{id}`.
    #[oai(path = "/:id/cancel", method = "post", operation_id = "cancelBooking")]
    pub(crate) async fn cancel(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: Caller,
        /// Id of the booking.
        id: Path<BookingId>,
        body: Optional<OrderIds>,
    ) -> Current<OneBooking, Cancel> {
        Ok(act(&state, &work, &context, caller, id.0, Action::Cancel, body.0).await?)
    }
}

async fn act(
    state: &State,
    work: &Work,
    context: &RequestContext,
    caller: Caller,
    id: BookingId,
    action: Action,
    body: OrderIds,
) -> AppResult<MayHaveMoved<Reply<OneBooking>>> {
    let orders = body
        .order_ids
        .map(|ids| ids.iter().map(|id| id.parse()).collect::<Result<Vec<TicketId>, _>>());
    let orders = orders.transpose().map_err(|_| AppError::NotFound(Noun::Ticket))?;
    let cause = context.cause();
    let (booking, moved) = ticket::act(
        &state.platform,
        work,
        caller.partner_id,
        id,
        action,
        orders.as_deref(),
        &cause,
    )
    .await?;
    Ok(current(state, &booking, moved))
}

/// The current state of the booking, with its path if it was moved.
fn current(state: &State, booking: &domain::booking::Booking, moved: bool) -> MayHaveMoved<Reply<OneBooking>> {
    MayHaveMoved::new(one(state, booking), moved.then_some(booking.id))
}

fn one(state: &State, booking: &domain::booking::Booking) -> OneBooking {
    OneBooking {
        booking: Booking::new(booking, state.platform.clock.now()),
    }
}
