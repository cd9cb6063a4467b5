//! Departures of a company.

use domain::role::Right;

use crate::backoffice::departure::DepartureApi;
use crate::route::policy::{Change, Policy};
use crate::route::{Group, Link, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Tickets);
// Which departures are closed is held in memory together with the tickets.
const WRITE: Policy = Policy::staff_writes(Right::Tickets, Change::Tickets);

pub(super) const GROUP: Group = Group {
    root: "/v2/departures",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get("/v2/departures", "listDepartures", handler!(DepartureApi::list), READ).links(&[
            Link::new("getDeparture", "id", "/data/departures/0/id"),
            Link::new("getDepartureManifest", "id", "/data/departures/0/id"),
        ]),
        Operation::get("/v2/departures/{id}", "getDeparture", handler!(DepartureApi::get), READ).links(&[
            Link::new("closeDeparture", "id", "/data/departure/id"),
            Link::new("reopenDeparture", "id", "/data/departure/id"),
        ]),
        Operation::get(
            "/v2/departures/{id}/manifest",
            "getDepartureManifest",
            handler!(DepartureApi::manifest),
            READ,
        ),
        Operation::post(
            "/v2/departures/{id}/close",
            "closeDeparture",
            handler!(DepartureApi::close),
            WRITE,
        ),
        Operation::post(
            "/v2/departures/{id}/reopen",
            "reopenDeparture",
            handler!(DepartureApi::reopen),
            WRITE,
        ),
    ],
};
