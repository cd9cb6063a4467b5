//! Orders on the buses of a company.

use domain::role::Right;

use crate::backoffice::order::OrderApi;
use crate::backoffice::order::cancellation::CancellationApi;
use crate::backoffice::order::decision::DecisionApi;
use crate::backoffice::order::ticket_move::TicketMoveApi;
use crate::route::policy::{Cache, Change, Policy};
use crate::route::{Group, Link, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Tickets);
const FILE: Policy = Policy {
    cache: Cache::Own,
    ..READ
};
const WRITE: Policy = Policy::staff_writes(Right::Tickets, Change::Tickets);

pub(super) const GROUP: Group = Group {
    root: "/v2/orders",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get("/v2/orders", "listOrders", handler!(OrderApi::list), READ).links(&[Link::new(
            "getOrder",
            "id",
            "/data/orders/0/id",
        )]),
        Operation::get("/v2/orders/{id}", "getOrder", handler!(OrderApi::get), READ).links(&[
            Link::new("confirmOrder", "id", "/data/order/id"),
            Link::new("rejectOrder", "id", "/data/order/id"),
            Link::new("prepayOrder", "id", "/data/order/id"),
            Link::new("previewCancellation", "id", "/data/order/id"),
            Link::new("cancelOrder", "id", "/data/order/id"),
            Link::new("resendOrder", "id", "/data/order/id"),
            Link::new("moveOrder", "id", "/data/order/id"),
        ]),
        Operation::get(
            "/v2/orders/{id}/ticket.pdf",
            "getOrderTicketFile",
            handler!(OrderApi::ticket),
            FILE,
        ),
        Operation::post(
            "/v2/orders/{id}/confirm",
            "confirmOrder",
            handler!(DecisionApi::confirm),
            WRITE,
        ),
        Operation::post(
            "/v2/orders/{id}/reject",
            "rejectOrder",
            handler!(DecisionApi::reject),
            WRITE,
        ),
        Operation::get(
            "/v2/orders/{id}/cancellation",
            "previewCancellation",
            handler!(CancellationApi::preview),
            READ,
        ),
        Operation::post(
            "/v2/orders/{id}/cancel",
            "cancelOrder",
            handler!(CancellationApi::cancel),
            WRITE,
        ),
        Operation::post(
            "/v2/orders/{id}/prepaid",
            "prepayOrder",
            handler!(DecisionApi::prepaid),
            WRITE,
        ),
        Operation::post(
            "/v2/orders/{id}/resend",
            "resendOrder",
            handler!(OrderApi::resend),
            WRITE,
        ),
        Operation::post(
            "/v2/orders/{id}/move",
            "moveOrder",
            handler!(TicketMoveApi::move_order),
            WRITE,
        ),
    ],
};
