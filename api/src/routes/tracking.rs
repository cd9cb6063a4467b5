//! Positions of the buses of a company.

use domain::role::Right;

use crate::backoffice::tracking::TrackingApi;
use crate::route::policy::{Change, Policy};
use crate::route::{Group, Link, Operation, handler};

const READ: Policy = Policy::staff_reads(Right::Buses);
const WRITE: Policy = Policy::staff_writes(Right::Buses, Change::Anything);

pub(super) const GROUP: Group = Group {
    root: "/v2/geolocation",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get(
            "/v2/geolocation/fms-objects",
            "listFmsObjects",
            handler!(TrackingApi::list),
            READ,
        )
        .links(&[
            Link::new("toggleFmsObject", "id", "/data/fmsObjects/0/id"),
            Link::new("listPositions", "id", "/data/fmsObjects/0/id"),
        ]),
        Operation::post(
            "/v2/geolocation/fms-objects/{id}/toggle",
            "toggleFmsObject",
            handler!(TrackingApi::toggle),
            WRITE,
        )
        .links(&[Link::new("listPositions", "id", "/data/fmsObject/id")]),
        Operation::get(
            "/v2/geolocation/fms-objects/{id}/positions",
            "listPositions",
            handler!(TrackingApi::positions),
            READ,
        ),
    ],
};
