//! Cities.

use domain::rate_limit::Class;

use crate::distribution::city::CityApi;
use crate::distribution::stop::StopApi;
use crate::route::policy::{Cache, Caller, Cors, Idempotency, Policy};
use crate::route::{Group, Link, Operation, handler};

/// For cities and stops.
pub(super) const READ: Policy = Policy {
    caller: Caller::Visitor,
    rate: Some(Class::Catalogue),
    cors: Cors::Open,
    cache: Cache::Catalogue,
    ..Policy::NONE
};

pub(super) const WRITE: Policy = Policy {
    idempotency: Idempotency::Kept,
    ..READ
};

pub(super) const GROUP: Group = Group {
    root: "/v2/cities",
    reads: READ,
    writes: WRITE,
    operations: &[
        Operation::get("/v2/cities", "listCities", handler!(CityApi::list), READ).links(&[
            Link::new("getCity", "slug", "/data/cities/0/slug"),
            Link::new("listCityStops", "slug", "/data/cities/0/slug"),
        ]),
        Operation::get("/v2/cities/{slug}", "getCity", handler!(CityApi::get), READ).links(&[Link::new(
            "listCityStops",
            "slug",
            "/data/city/slug",
        )]),
        Operation::get(
            "/v2/cities/{slug}/stops",
            "listCityStops",
            handler!(StopApi::of_city),
            READ,
        )
        .links(&[Link::new("getStop", "id", "/data/stops/0/id")]),
    ],
};
