//! Items of a company that need attention.

use domain::role::Right;

use crate::backoffice::today::TodayApi;
use crate::route::policy::{Change, Policy};
use crate::route::{Group, Link, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Tickets);

pub(super) const GROUP: Group = Group {
    root: "/v2/today",
    reads: READ,
    writes: Policy::staff_writes(Right::Tickets, Change::Nothing),
    operations: &[
        Operation::get("/v2/today", "getToday", handler!(TodayApi::get), READ),
        Operation::get(
            "/v2/today/failed-deliveries",
            "listFailedDeliveries",
            handler!(TodayApi::list_failed),
            READ,
        )
        .links(&[
            Link::new("getOrder", "id", "/data/deliveries/0/orderId"),
            Link::new("resendOrder", "id", "/data/deliveries/0/orderId"),
        ]),
    ],
};
