//! Reports of a company.

use app::report;
use domain::role::Right;

use crate::backoffice::report::ReportApi;
use crate::backoffice::report::schedule::ReportScheduleApi;
use crate::route::policy::{Change, Idempotency, Policy};
use crate::route::{Group, Link, Method, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Reports);
const WRITE: Policy = Policy::staff_writes(Right::Reports, Change::Anything);
const PLAN: Policy = Policy::staff_writes(Right::Reports, Change::Nothing);
const SET: Policy = Policy {
    idempotency: Idempotency::Ignored,
    ..PLAN
};

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
        )
        .refusals(&[|| report::FILE_REMOVED.into()]),
        Operation::get(
            "/v2/reports/schedules",
            "listReportSchedules",
            handler!(ReportScheduleApi::list),
            READ,
        )
        .links(&[Link::new("deleteReportSchedule", "id", "/data/schedules/0/id")]),
        Operation::post(
            "/v2/reports/schedules",
            "createReportSchedule",
            handler!(ReportScheduleApi::create),
            PLAN,
        )
        .links(&[
            Link::new("setReportSchedule", "id", "/data/schedule/id"),
            Link::new("deleteReportSchedule", "id", "/data/schedule/id"),
        ]),
        Operation::new(
            Method::Put,
            "/v2/reports/schedules/{id}",
            "setReportSchedule",
            handler!(ReportScheduleApi::set),
            SET,
        ),
        Operation::new(
            Method::Delete,
            "/v2/reports/schedules/{id}",
            "deleteReportSchedule",
            handler!(ReportScheduleApi::delete),
            SET,
        ),
    ],
};
