//! The deprecated API.

use domain::rate_limit::Class;

use crate::legacy::offer::OldOfferApi;
use crate::legacy::order::OldOrderApi;
use crate::route::policy::{Caller, Change, Policy};
use crate::route::{Group, Link, Method, Operation, handler};

const READ: Policy = Policy {
    caller: Caller::Partner,
    rate: Some(Class::Read),
    deprecated: true,
    ..Policy::NONE
};

const WRITE: Policy = Policy {
    rate: Some(Class::Write),
    change: Change::Tickets,
    ..READ
};

const SEARCH: Policy = Policy {
    rate: Some(Class::Search),
    ..READ
};

pub(super) const OFFERS: Group = Group {
    root: "/rest/offers",
    reads: SEARCH,
    writes: SEARCH,
    operations: &[Operation::get(
        "/rest/offers",
        "oldSearchOffers",
        handler!(OldOfferApi::search),
        SEARCH,
    )],
};

pub(super) const ORDERS: Group = Group {
    root: "/rest/orders",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::post("/rest/orders", "oldCreateOrders", handler!(OldOrderApi::create), WRITE).links(&[
            Link::new("oldGetOrder", "id", "/0/id"),
            Link::new("oldGetOrderRefundRules", "id", "/0/id"),
        ]),
        Operation::get("/rest/orders", "oldListOrders", handler!(OldOrderApi::list), READ).links(&[
            Link::new("oldGetOrder", "id", "/data/orders/0/id"),
            Link::new("oldGetOrderRefundRules", "id", "/data/orders/0/id"),
        ]),
        Operation::get("/rest/orders/{id}", "oldGetOrder", handler!(OldOrderApi::get), READ),
        Operation::get(
            "/rest/orders/{id}/refund-rules",
            "oldGetOrderRefundRules",
            handler!(OldOrderApi::refund_rules),
            READ,
        ),
        Operation::new(
            Method::Patch,
            "/rest/orders",
            "oldUpdateOrders",
            handler!(OldOrderApi::update),
            WRITE,
        )
        .links(&[Link::new("oldGetOrder", "id", "/0/id")]),
    ],
};
