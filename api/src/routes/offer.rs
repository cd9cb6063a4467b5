//! Searches.

use domain::rate_limit::Class;

use crate::distribution::offer::OfferApi;
use crate::distribution::offer::schedule::DayScheduleApi;
use crate::route::policy::{Cache, Caller, Cors, Idempotency, Policy};
use crate::route::{Group, Link, Operation, handler};

const SEARCH: Policy = Policy {
    caller: Caller::Partner,
    rate: Some(Class::Search),
    cors: Cors::Partners,
    ..Policy::NONE
};

/// A booking of the first offer for one passenger.
const BOOKING: &str = r#"{
    "offerId": "$response.body#/data/offers/0/id",
    "currency": "$response.body#/data/offers/0/prices/0/currency",
    "passengers": [
        { "firstName": "Олена", "lastName": "Коваленко", "phones": [{ "phone": "+380671234567" }] }
    ]
}"#;

pub(super) const OFFERS: Group = Group {
    root: "/v2/offers",
    reads: SEARCH,
    writes: Policy {
        idempotency: Idempotency::Kept,
        ..SEARCH
    },
    operations: &[
        Operation::get("/v2/offers", "searchOffers", handler!(OfferApi::search), SEARCH).links(&[Link {
            to: "createBooking",
            parameter: None,
            body: Some(BOOKING),
        }]),
    ],
};

const TIMES: Policy = Policy {
    caller: Caller::Visitor,
    cors: Cors::Open,
    cache: Cache::Timetable,
    ..SEARCH
};

pub(super) const SCHEDULE: Group = Group {
    root: "/v2/offers/schedule",
    reads: TIMES,
    writes: Policy {
        idempotency: Idempotency::Kept,
        ..TIMES
    },
    operations: &[Operation::get(
        "/v2/offers/schedule",
        "getSchedule",
        handler!(DayScheduleApi::get),
        TIMES,
    )],
};
