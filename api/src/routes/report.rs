//! Reports of a company.

use domain::role::Right;

use super::policy::{Change, Policy};
use super::{Group, Link, Operation, handler};
use crate::backoffice::report::ReportApi;

const READ: Policy = Policy::staff_reads(Right::Reports);
const WRITE: Policy = Policy::staff_writes(Right::Reports, Change::Anything);

pub(super) const GROUP: Group = Group {
    root: "/v2/reports",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::post(
            "/v2/reports/orders",
            "createOrdersReport",
            handler!(ReportApi::create),
            WRITE,
        )
        .links(&[Link::new("getOrdersReport", "id", "/data/report/id")]),
        Operation::get(
            "/v2/reports/orders",
            "listOrdersReports",
            handler!(ReportApi::list),
            READ,
        )
        .links(&[Link::new("getOrdersReport", "id", "/data/reports/0/id")]),
        Operation::get(
            "/v2/reports/orders/{id}",
            "getOrdersReport",
            handler!(ReportApi::get),
            READ,
        )
        .links(&[Link::new("downloadOrdersReport", "id", "/data/report/id")]),
        Operation::get(
            "/v2/reports/orders/{id}/download",
            "downloadOrdersReport",
            handler!(ReportApi::download),
            READ,
        ),
    ],
};
