//! Stops.

use super::city::{READ, WRITE};
use crate::distribution::stop::StopApi;
use crate::route::{Group, Link, Operation, handler};

pub(super) const GROUP: Group = Group {
    root: "/v2/stops",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get("/v2/stops", "listStops", handler!(StopApi::list), READ).links(&[Link::new(
            "getStop",
            "id",
            "/data/stops/0/id",
        )]),
        Operation::get("/v2/stops/{id}", "getStop", handler!(StopApi::get), READ),
    ],
};
