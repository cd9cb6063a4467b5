//! Paying for the tickets of a booking, or booking them for payment on board. What these do to a ticket is in
//! `app::ticket::act` and `domain::ticket`.

use std::sync::Arc;

use app::work::Work;
use domain::id::BookingId;
use domain::ticket::Action;
use poem::web::Data;
use poem_openapi::OpenApi;

use super::body::OrderIds;
use super::refusal::{Book, Pay};
use super::wire::OneBooking;
use super::{Current, act};
use crate::auth::partner::Caller;
use crate::context::RequestContext;
use crate::distribution::Chapter;
use crate::state::Shared;
use crate::wire::body::Optional;
use crate::wire::path::Path;

/// Payment of bookings.
#[derive(Debug, Clone, Copy)]
pub struct PaymentApi;

#[OpenApi(prefix_path = "/v2/bookings", tag = "Chapter::Bookings")]
impl PaymentApi {
    /// Pay for tickets
    ///
    /// Applies to all given tickets or to none. An expired ticket is revived: it takes its own seat again, or another
    /// one. If the booking was moved, the request applies to the new booking, as in `GET /v2/bookings/{id}`.
    #[oai(path = "/:id/pay", method = "post", operation_id = "payBooking")]
    pub(crate) async fn pay(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: Caller,
        /// Id of the booking.
        id: Path<BookingId>,
        body: Optional<OrderIds>,
    ) -> Current<OneBooking, Pay> {
        Ok(act(&state, &work, &context, caller, id.0, Action::Pay, body.0).await?)
    }

    /// Book tickets
    ///
    /// Books the tickets for payment on board. Applies to all given tickets or to none. An expired ticket is revived as
    /// in `POST /v2/bookings/{id}/pay`. If the booking was moved, the request applies to the new booking, as in `GET
    /// /v2/bookings/{id}`.
    #[oai(path = "/:id/book", method = "post", operation_id = "bookBooking")]
    pub(crate) async fn book(
        &self,
        state: Shared<'_>,
        context: Data<&Arc<RequestContext>>,
        work: Data<&Work>,
        caller: Caller,
        /// Id of the booking.
        id: Path<BookingId>,
        body: Optional<OrderIds>,
    ) -> Current<OneBooking, Book> {
        Ok(act(&state, &work, &context, caller, id.0, Action::Book, body.0).await?)
    }
}
