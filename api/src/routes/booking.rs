//! Bookings.

use app::permission;
use domain::rate_limit::Class;

use crate::distribution::booking::BookingApi;
use crate::distribution::booking::payment::PaymentApi;
use crate::route::policy::{Cache, Caller, Change, Cors, Idempotency, Policy};
use crate::route::{Group, Link, Operation, handler};

const READ: Policy = Policy {
    caller: Caller::Partner,
    rate: Some(Class::Read),
    cors: Cors::Partners,
    ..Policy::NONE
};

const FILE: Policy = Policy {
    cache: Cache::Own,
    ..READ
};

const WRITE: Policy = Policy {
    rate: Some(Class::Write),
    idempotency: Idempotency::Kept,
    change: Change::Tickets,
    ..READ
};

/// Applies an action to the first ticket of a booking.
const FIRST_TICKET: &str = r#"{ "orderIds": ["$response.body#/data/booking/tickets/0/id"] }"#;

pub(super) const GROUP: Group =
    Group {
        root: "/v2/bookings",
        reads: READ,
        writes: WRITE,
        operations: &[
            Operation::post("/v2/bookings", "createBooking", handler!(BookingApi::create), WRITE).links(&[
                Link::new("getBooking", "id", "/data/booking/id"),
                Link::new("getRefundRules", "id", "/data/booking/id"),
                Link::new("payBooking", "id", "/data/booking/id").with_body(FIRST_TICKET),
                Link::new("bookBooking", "id", "/data/booking/id").with_body(FIRST_TICKET),
                Link::new("cancelBooking", "id", "/data/booking/id").with_body(FIRST_TICKET),
            ]),
            Operation::get("/v2/bookings", "listBookings", handler!(BookingApi::list), READ).links(&[
                Link::new("getBooking", "id", "/data/bookings/0/id"),
                Link::new("getRefundRules", "id", "/data/bookings/0/id"),
            ]),
            Operation::get("/v2/bookings/{id}", "getBooking", handler!(BookingApi::get), READ).links(&[Link::new(
                "listDeliveries",
                "id",
                "/data/booking/id",
            )]),
            Operation::get(
                "/v2/bookings/{id}/refund-rules",
                "getRefundRules",
                handler!(BookingApi::refund_rules),
                READ,
            ),
            Operation::get(
                "/v2/bookings/{id}/deliveries",
                "listDeliveries",
                handler!(BookingApi::deliveries),
                READ,
            ),
            Operation::get(
                "/v2/bookings/{id}/tickets/{orderId}.pdf",
                "getTicketFile",
                handler!(BookingApi::ticket),
                FILE,
            ),
            Operation::post("/v2/bookings/{id}/pay", "payBooking", handler!(PaymentApi::pay), WRITE)
                .links(&[Link::new("cancelBooking", "id", "/data/booking/id").with_body(FIRST_TICKET)]),
            Operation::post(
                "/v2/bookings/{id}/book",
                "bookBooking",
                handler!(PaymentApi::book),
                WRITE,
            ),
            Operation::post(
                "/v2/bookings/{id}/cancel",
                "cancelBooking",
                handler!(BookingApi::cancel),
                WRITE,
            )
            .refusals(&[|| permission::MAY_NOT_CANCEL.into()]),
        ],
    };
