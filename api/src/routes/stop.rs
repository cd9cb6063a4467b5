//! Stops.

use super::city::{READ, WRITE};
use super::{Group, Link, Operation, handler};
use crate::distribution::stop::StopApi;

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
